package org.pintail.imap;

import java.util.BitSet;
import org.pintail.backend.Flags;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Right;

/// EXPUNGE — RFC 3501 §6.4.3; UID EXPUNGE — RFC 4315 §2.1. The dialogue announces what went.
///
///     expunge = "EXPUNGE" / "UID EXPUNGE" SP sequence-set
record ExpungeCommand(SequenceSet uids, boolean byUid) implements Command.InSelected {
    static ExpungeCommand parse(ImapReader in, boolean byUid) {
        var uids = SequenceSet.ALL;
        if (byUid) {
            in.sp();
            uids = in.sequenceSet();
        }
        in.end();
        return new ExpungeCommand(uids, byUid);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) {
        if (selected.readOnly()) {
            return Reply.COMPLETED;
        }
        if (!session.rights(selected).has(Right.EXPUNGE)) {
            throw new No("NOPERM", "Permission denied");
        }
        session.dialogue().announcer().refresh();
        var deleted = deleted(selected, selected.indexes(uids, true));
        if (byUid) {
            session.dialogue().messageLimit().keep(deleted, selected);
        }
        return expunge(session, selected, deleted);
    }

    /// Those that have `\Deleted` now.
    static BitSet deleted(SelectedMailbox selected, BitSet among) {
        var deleted = new BitSet();
        for (int i = among.nextSetBit(0); i >= 0; i = among.nextSetBit(i + 1)) {
            int at = selected.current(i);
            if (at >= 0 && selected.now().flags(at).has(Flags.DELETED)) {
                deleted.set(i);
            }
        }
        return deleted;
    }

    /// RFC 7162 §3.2.7: a client that resynchronizes learns how far it is then.
    static Reply expunge(Authenticated session, SelectedMailbox selected, BitSet deleted) {
        if (deleted.isEmpty()) {
            return Reply.COMPLETED;
        }
        session.messages().expunge(selected.id(), selected.uids(deleted), session.session());
        if (!session.dialogue().announcer().qresync()) {
            return Reply.COMPLETED;
        }
        selected.refresh();
        return Reply.coded("HIGHESTMODSEQ " + selected.now().modSeq());
    }
}
