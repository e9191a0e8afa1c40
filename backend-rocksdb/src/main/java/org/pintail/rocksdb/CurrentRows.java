package org.pintail.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MailboxId;

/// Rows of [Family#ROWS] with the flags of [Family#FLAGS], one after the other by uid; keeps the block it has read. Both must be of one moment, or
/// the block of the earlier one.
final class CurrentRows {
    private static final int WORTH_A_SCAN = 16;
    private final Reader reader;
    private @Nullable FlagBlock block;
    private @Nullable MailboxId mailbox;
    private long number;

    CurrentRows(Reader reader) {
        this.reader = reader;
    }

    /// The block of a uid.
    FlagBlock block(MailboxId of, long uid) {
        long wanted = FlagBlock.numberOf(uid);
        var known = block;
        if (known == null || number != wanted || !of.equals(mailbox)) {
            known = FlagBlock.decode(reader.get(Family.FLAGS, FlagBlocks.key(of, wanted)));
            block = known;
            number = wanted;
            mailbox = of;
        }
        return known;
    }

    StoredRow of(byte[] key, byte[] value) {
        var stored = RowCodec.decode(key, value);
        var row = stored.row();
        var flags = block(row.mailbox(), row.uid());
        return flags.has(row.uid())
                ? new StoredRow(Rows.flagged(row, flags.modSeq(row.uid()), flags.flags(row.uid())), stored.written(), stored.listed())
                : stored;
    }

    @Nullable StoredRow at(MailboxId of, long uid) {
        block(of, uid);
        var key = Keys.idAndNumber(of.value(), uid);
        var value = reader.get(Family.ROWS, key);
        return value == null ? null : of(key, value);
    }

    /// Those of these uids, ascending, that are there.
    List<StoredRow> all(MailboxId of, long[] uids) {
        if (uids.length >= WORTH_A_SCAN && uids[uids.length - 1] - uids[0] < 2L * uids.length) {
            return scanned(of, uids);
        }
        var found = new ArrayList<StoredRow>();
        for (long uid : uids) {
            var row = at(of, uid);
            if (row != null) {
                found.add(row);
            }
        }
        return found;
    }

    /// Where most of what lies between is wanted, going through it costs less than asking for each.
    private List<StoredRow> scanned(MailboxId of, long[] uids) {
        var found = new ArrayList<StoredRow>(uids.length);
        var last = Keys.idAndNumber(of.value(), uids[uids.length - 1]);
        reader.scan(Family.ROWS, Keys.idAndNumber(of.value(), uids[0]), true, (key, value) -> {
            boolean inside = Arrays.compareUnsigned(key, last) <= 0;
            if (inside && Arrays.binarySearch(uids, Keys.numberAt(key, Keys.ID)) >= 0) {
                found.add(of(key, value));
            }
            return inside;
        });
        return found;
    }
}
