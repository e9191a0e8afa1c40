package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Right;

/// DELETE — RFC 3501 §6.3.4. Children stay, and so does a subscription. Sessions that have it selected are told BYE. A name that is there for
/// its children only can not be deleted (RFC 9051 §6.3.5).
record DeleteCommand(String mailbox) implements Command.InAuthenticated {
    static DeleteCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.end();
        return new DeleteCommand(mailbox);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        var named = session.access(mailbox);
        if (named.isEmpty() && ParentName.find(session, mailbox).isPresent()) {
            throw new No("HASCHILDREN", "There are mailboxes below this name, which is none itself");
        }
        var found = named.orElseThrow(() -> new No("NONEXISTENT", "No such mailbox")).require(Right.DELETE_MAILBOX);
        var owner = found.mailbox().account();
        session.folders().delete(owner, found.mailbox().id());
        if (owner.equals(session.id()) && found.mailbox().subscribed()) {
            session.mail().subscriptions().add(session.id(), found.path());
        }
        return Reply.COMPLETED;
    }
}
