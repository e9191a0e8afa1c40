package org.pintail.imap;

import java.io.IOException;

/// RENAME — RFC 3501 §6.3.5. Children move with their parent. INBOX cannot be renamed.
record RenameCommand(String from, String to) implements Command.InAuthenticated {
    static RenameCommand parse(ImapReader in) throws IOException {
        in.sp();
        var from = in.mailbox();
        in.sp();
        var to = in.mailbox();
        in.end();
        return new RenameCommand(from, to);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        var found = session.mailbox(from);
        if (found.path().equals("INBOX")) {
            throw new No("CANNOT", "INBOX can not be renamed");
        }
        session.folders().rename(session.id(), found.id(), to, true);
        return Reply.COMPLETED;
    }
}
