package org.pintail.imap.view;

import java.util.BitSet;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Messages;

/// Reads the rows of messages of the selected mailbox in pages, however the set that names them is cut up.
public final class SelectedRows {
    private static final int PAGE = 2500;
    private static final int GAP = 64; // rows read in vain rather than going to the store once more

    /// Gets each row with its index, ascending. Messages that are gone from the store are left out.
    public interface Visitor<X extends Exception> {
        void visit(int index, org.pintail.backend.MessageRow row) throws X;
    }

    private SelectedRows() {}

    public static <X extends Exception> void read(Messages messages, SelectedMailbox selected, BitSet wanted, Visitor<X> visitor)
            throws X {
        read(messages, selected.id(), selected.told(), wanted, visitor);
    }

    /// Indexes are those of `columns`.
    public static <X extends Exception> void read(
            Messages messages, MailboxId mailbox, Columns columns, BitSet wanted, Visitor<X> visitor) throws X {
        int from = wanted.nextSetBit(0);
        while (from >= 0) {
            int to = wanted.nextClearBit(from);
            int next = wanted.nextSetBit(to);
            while (next >= 0 && next - to < GAP) {
                to = wanted.nextClearBit(next);
                next = wanted.nextSetBit(to);
            }
            range(messages, mailbox, columns, wanted, from, to, visitor);
            from = next;
        }
    }

    private static <X extends Exception> void range(
            Messages messages, MailboxId mailbox, Columns columns, BitSet wanted, int from, int to, Visitor<X> visitor) throws X {
        long first = columns.uid(from);
        long last = columns.uid(to - 1);
        if (first == last) {
            var row = messages.row(mailbox, first);
            if (row.isPresent()) {
                visitor.visit(from, row.get());
            }
            return;
        }
        while (first <= last) {
            var rows = messages.rows(mailbox, first, last, true, PAGE);
            for (var row : rows) {
                int index = columns.index(row.uid());
                if (index >= 0 && wanted.get(index)) {
                    visitor.visit(index, row);
                }
            }
            if (rows.size() < PAGE) {
                return;
            }
            first = rows.getLast().uid() + 1;
        }
    }
}
