package org.pintail.imap;

import org.pintail.backend.StoreException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.Bye;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Right;

/// CLOSE — RFC 3501 §6.4.2: expunges silently, unless the mailbox was opened read-only. UNSELECT — RFC 3691: does not.
record CloseCommand(boolean expunge) implements Command.InSelected {
    static CloseCommand parse(ImapReader in, boolean expunge) {
        in.end();
        return new CloseCommand(expunge);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) {
        try {
            if (expunge && !selected.readOnly() && session.rights(selected).has(Right.EXPUNGE)) {
                selected.refresh();
                var deleted = ExpungeCommand.deleted(selected, selected.indexes(SequenceSet.ALL, true));
                ExpungeCommand.expunge(session, selected, deleted);
            }
        } catch (StoreException.Missing deleted) {
            throw new Bye("Selected mailbox was deleted, have to disconnect");
        }
        session.dialogue().announcer().unselect();
        return Reply.COMPLETED; // without HIGHESTMODSEQ: RFC 7162 §3.2.8
    }
}
