package org.pintail.imap;

import java.io.IOException;
import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.MessageRow;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Folders;
import org.pintail.mail.Refusal;
import org.pintail.mail.Right;

/// RENAME — RFC 3501 §6.3.5. Children move with their parent, also where it is but a name. INBOX stays: its messages move to the new name,
/// its children do not.
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
    public Reply run(Authenticated session, Responses out) throws IOException {
        var found = session.access(from);
        var parent = found.isPresent() ? Optional.<ParentName>empty() : ParentName.find(session, from);
        if (parent.isPresent()) {
            renameBelow(session, parent.get(), out);
            return Reply.COMPLETED;
        }
        var mailbox = found.orElseThrow(() -> new No("NONEXISTENT", "No such mailbox")).require(Right.DELETE_MAILBOX);
        var target = target(session, mailbox.mailbox().account());
        if (mailbox.mailbox().path().equals("INBOX")) {
            moveMessages(session, mailbox, target);
        } else {
            session.folders().rename(target.owner(), mailbox.mailbox().id(), target.path(), true);
            if (session.dialogue().announcer().rev2()) {
                ListAnswer.renamed(Folders.normalize(to), mailbox.path(), true, out); // RFC 9051 §6.3.6
            }
        }
        return Reply.COMPLETED;
    }

    private NewName target(Authenticated session, AccountId owner) {
        var target = NewName.of(session, to);
        if (!target.owner().equals(owner)) {
            throw new No("CANNOT", "A mailbox can not be given to another account");
        }
        return target;
    }

    private void renameBelow(Authenticated session, ParentName parent, Responses out) throws IOException {
        var owner = parent.renamable(session);
        var target = target(session, owner);
        session.folders().renameBelow(owner, parent.path(), target.path());
        if (session.dialogue().announcer().rev2()) {
            ListAnswer.renamed(Folders.normalize(to), Folders.normalize(from), false, out);
        }
    }

    private static void moveMessages(Authenticated session, Access inbox, NewName target) {
        if (!target.owner().equals(session.id())) {
            throw new No("CANNOT", "The INBOX of another account can not be renamed");
        }
        var made = session.folders()
                .create(new Mailboxes.New(target.owner(), target.path(), null, false, false, false, 0));
        var uids = session.messages().rows(inbox.mailbox().id()).stream().map(MessageRow::uid).toList();
        try {
            session.mail().mailstore().move(session.account(), inbox.mailbox(), uids, made, session.session());
        } catch (Refusal failed) {
            session.folders().delete(target.owner(), made.id()); // nothing was moved: nothing was renamed
            throw failed;
        }
    }
}
