package org.pintail.imap;

import java.io.IOException;

/// DELETE — RFC 3501 §6.3.4. Children stay. Sessions that have it selected are told BYE.
record DeleteCommand(String mailbox) implements Command.InAuthenticated {
    static DeleteCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.end();
        return new DeleteCommand(mailbox);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        session.folders().delete(session.id(), session.mailbox(mailbox).id());
        return Reply.COMPLETED;
    }
}
