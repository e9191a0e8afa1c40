package org.pintail.imap;

import java.io.IOException;

/// CREATE — RFC 3501 §6.3.3. A name with "/" at its end only announces children to come: nothing is created.
record CreateCommand(String mailbox) implements Command.InAuthenticated {
    static CreateCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.end();
        return new CreateCommand(mailbox);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        if (mailbox.endsWith("/")) {
            return Reply.ok("CANNOT", "Mailboxes are created when their children are");
        }
        var created = session.folders().create(session.id(), mailbox, false, false, 0);
        return Reply.coded("MAILBOXID (" + created.id().hex() + ")"); // RFC 8474 §4.1
    }
}
