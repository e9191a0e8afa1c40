package org.pintail.imap;

import java.util.ArrayList;
import java.util.BitSet;
import org.pintail.backend.Flags;

/// EXPUNGE — RFC 3501 §6.4.3; UID EXPUNGE — RFC 4315 §2.1. The dialogue announces what went.
///
///     expunge = "EXPUNGE" / "UID EXPUNGE" SP sequence-set
record ExpungeCommand(SequenceSet uids) implements Command.InSelected {
    static ExpungeCommand parse(ImapReader in, boolean byUid) {
        var uids = SequenceSet.ALL;
        if (byUid) {
            in.sp();
            uids = in.sequenceSet();
        }
        in.end();
        return new ExpungeCommand(uids);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) {
        if (!selected.readOnly()) {
            session.dialogue().announcer().refresh();
            expunge(session, selected, selected.indexes(uids, true));
        }
        return Reply.COMPLETED;
    }

    static void expunge(Authenticated session, SelectedMailbox selected, BitSet among) {
        var deleted = new ArrayList<Long>();
        SelectedRows.read(session.messages(), selected, among, (index, row) -> {
            if (row.flags().has(Flags.DELETED)) {
                deleted.add(row.uid());
            }
        });
        if (!deleted.isEmpty()) {
            session.messages().expunge(selected.id(), deleted, session.session());
        }
    }
}
