package org.pintail.backend.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Messages.FlagsChanged;
import org.pintail.backend.NewFlags;

/// A change of flags in one mailbox: first what would change, then all of it with one modseq.
record FlagStep(MailState state, Box box, @Nullable String session) {
    private record Wanted(Box.Stored message, Flags flags) {}

    FlagsChanged run(LongPredicate uids, UnaryOperator<Flags> change, long unchangedSince) {
        var modified = new ArrayList<Long>();
        var wanted = new ArrayList<Wanted>();
        for (var m : box.messages.values()) {
            var row = m.row();
            if (!uids.test(row.uid())) {
                continue;
            }
            if (row.modSeq() > unchangedSince) {
                modified.add(row.uid());
                continue;
            }
            var flags = change.apply(row.flags());
            if (!flags.equals(row.flags())) {
                wanted.add(new Wanted(m, flags));
            }
        }
        return new FlagsChanged(wanted.isEmpty() ? List.of() : changed(wanted), modified);
    }

    private List<NewFlags> changed(List<Wanted> wanted) {
        var id = box.mailbox().account();
        var account = state.account(id);
        long modSeq = box.nextModSeq();
        var rows = new ArrayList<NewFlags>();
        for (var w : wanted) {
            var before = w.message().row();
            var row = Rows.flagged(before, modSeq, w.flags());
            box.replace(new Box.Stored(row, w.message().details()));
            account.byId.put(row.id(), row);
            boolean unseen = before.flags().has(Flags.SEEN) != row.flags().has(Flags.SEEN);
            account.journal.message(Kind.FETCH, row, modSeq, unseen, session);
            rows.add(NewFlags.of(row));
        }
        state.touch(id);
        return rows;
    }
}
