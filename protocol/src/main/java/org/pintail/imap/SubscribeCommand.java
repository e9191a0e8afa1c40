package org.pintail.imap;

import java.io.IOException;
import org.pintail.backend.Mailboxes;

/// SUBSCRIBE and UNSUBSCRIBE — RFC 3501 §6.3.6, §6.3.7. INBOX is always subscribed.
record SubscribeCommand(String mailbox, boolean subscribe) implements Command.InAuthenticated {
    static SubscribeCommand parse(ImapReader in, boolean subscribe) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.end();
        return new SubscribeCommand(mailbox, subscribe);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        var found = session.mailbox(mailbox);
        if (found.path().equals("INBOX")) {
            if (!subscribe) {
                throw new No("CANNOT", "Can not unsubscribe INBOX");
            }
            return Reply.COMPLETED;
        }
        session.folders().update(session.id(), found.id(), new Mailboxes.Changes(subscribe, null, null, null));
        return Reply.COMPLETED;
    }
}
