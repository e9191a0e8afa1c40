package org.pintail.imap;

import java.io.IOException;
import org.pintail.backend.Mailboxes;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Folders;

/// SUBSCRIBE and UNSUBSCRIBE — RFC 3501 §6.3.6, §6.3.7. INBOX is always subscribed. A name can be unsubscribed after its mailbox is gone.
record SubscribeCommand(String mailbox, boolean subscribe) implements Command.InAuthenticated {
    static SubscribeCommand parse(ImapReader in, boolean subscribe) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.end();
        return new SubscribeCommand(mailbox, subscribe);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        boolean gone = !subscribe && session.mail().subscriptions().remove(session.id(), Folders.normalize(mailbox));
        var found = session.access(mailbox);
        if (found.isEmpty() && gone) {
            return Reply.COMPLETED;
        }
        var access = found.orElseThrow(() -> new No("NONEXISTENT", "No such mailbox"));
        if (access.path().equals("INBOX")) {
            if (!subscribe) {
                throw new No("CANNOT", "Can not unsubscribe INBOX");
            }
            return Reply.COMPLETED;
        }
        if (!access.mailbox().account().equals(session.id())) {
            if (subscribe) {
                session.mail().subscriptions().add(session.id(), access.path());
            } else {
                session.mail().subscriptions().remove(session.id(), access.path());
            }
            return Reply.COMPLETED;
        }
        session.folders()
                .update(session.id(), access.mailbox().id(), new Mailboxes.Changes(subscribe, null, null, null));
        return Reply.COMPLETED;
    }
}
