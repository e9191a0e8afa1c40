package org.pintail.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;

/// The selected mailbox as this session has been told about it: which message has which sequence number (RFC 3501 §2.3.1.2). What the
/// store reports is absorbed at any time; the numbers change only when [#updates] hands out what the client is then told.
/// Sequence number n is index n - 1 here. Not safe for several threads: the dialogue's lock guards it.
final class SelectedMailbox {
    private final MailboxId id;
    private final boolean readOnly;
    private long[] uids;
    private long[] modSeqs;
    private int count;
    private long since;
    private int announced;
    private final BitSet gone = new BitSet();
    private final TreeMap<Long, MessageRow> changed = new TreeMap<>();

    /// Something the client has to be told.
    sealed interface Update {
        record Fetch(int number, MessageRow row) implements Update {}

        record Expunge(int number) implements Update {}

        record Exists(int count) implements Update {}
    }

    /// `rows` ascending by uid, read after `modSeq` was.
    SelectedMailbox(MailboxId id, boolean readOnly, List<MessageRow> rows, long modSeq) {
        this.id = id;
        this.readOnly = readOnly;
        this.count = rows.size();
        this.uids = new long[count];
        this.modSeqs = new long[count];
        this.announced = count;
        this.since = modSeq;
        int i = 0;
        for (var row : rows) {
            uids[i] = row.uid();
            modSeqs[i++] = row.modSeq();
        }
    }

    MailboxId id() {
        return id;
    }

    boolean readOnly() {
        return readOnly;
    }

    int count() {
        return count;
    }

    long uid(int index) {
        return uids[index];
    }

    /// Up to where changes have been absorbed.
    long since() {
        return since;
    }

    /// The index of a uid, negative when the client does not know that message.
    int index(long uid) {
        return Arrays.binarySearch(uids, 0, count, uid);
    }

    /// The indexes a set names, by sequence numbers or by uids. Numbers of no message count for nothing.
    BitSet indexes(SequenceSet set, boolean byUid) {
        var found = new BitSet(count);
        if (!byUid) {
            for (var r : set.resolve(count)) {
                found.set((int) r.first() - 1, (int) r.last());
            }
            return found;
        }
        for (var r : set.resolve(count == 0 ? 0 : uids[count - 1])) {
            int first = index(r.first());
            int last = index(r.last());
            int from = first < 0 ? -first - 1 : first;
            int to = last < 0 ? -last - 1 : last + 1;
            found.set(from, Math.max(from, to));
        }
        return found;
    }

    List<Long> uids(BitSet indexes) {
        var found = new ArrayList<Long>(indexes.cardinality());
        for (int i = indexes.nextSetBit(0); i >= 0; i = indexes.nextSetBit(i + 1)) {
            found.add(uids[i]);
        }
        return found;
    }

    /// Is one of these known to be expunged, though the client has not been told?
    boolean anyGone(BitSet indexes) {
        return gone.intersects(indexes);
    }

    /// The client learns this state of a message with the answer to its own command; it need not be announced again.
    void told(MessageRow row) {
        int i = index(row.uid());
        if (i >= 0 && modSeqs[i] <= row.modSeq()) {
            modSeqs[i] = row.modSeq();
            changed.remove(row.uid());
        }
    }

    /// Takes in what happened since [#since]. Sequence numbers of messages that are known stay as they are.
    void absorb(MailboxChanges news) {
        since = Math.max(since, news.highestModSeq());
        for (var e : news.expunged()) {
            int i = index(e.uid());
            if (i >= 0) {
                gone.set(i);
                changed.remove(e.uid());
            }
        }
        long newest = count == 0 ? 0 : uids[count - 1];
        var added = new ArrayList<MessageRow>();
        for (var row : news.changed()) {
            int i = index(row.uid());
            if (i < 0 && row.uid() > newest) {
                added.add(row);
            } else if (i >= 0 && row.modSeq() > modSeqs[i] && !gone.get(i)) {
                modSeqs[i] = row.modSeq();
                changed.put(row.uid(), row);
            }
        }
        added.sort(Comparator.comparingLong(MessageRow::uid));
        for (var row : added) {
            append(row);
        }
    }

    private void append(MessageRow row) {
        if (count == uids.length) {
            int size = Math.max(16, count + count / 4);
            uids = Arrays.copyOf(uids, size);
            modSeqs = Arrays.copyOf(modSeqs, size);
        }
        uids[count] = row.uid();
        modSeqs[count++] = row.modSeq();
    }

    /// What the client is to be told now, in this order. Without `mayExpunge` (RFC 3501 §7.4.1) expunged messages keep their numbers.
    List<Update> updates(boolean mayExpunge) {
        var updates = new ArrayList<Update>();
        for (var row : changed.values()) {
            int i = index(row.uid());
            if (i >= 0 && i < announced) {
                updates.add(new Update.Fetch(i + 1, row));
            }
        }
        changed.clear();
        boolean shrunk = mayExpunge && !gone.isEmpty();
        if (shrunk) {
            removeGone(updates);
        }
        if (count > announced || shrunk) {
            updates.add(new Update.Exists(count));
        }
        announced = count;
        return updates;
    }

    private void removeGone(List<Update> updates) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (gone.get(i)) {
                if (i < announced) { // what came and went between two answers is nobody's business
                    updates.add(new Update.Expunge(kept + 1));
                }
            } else {
                uids[kept] = uids[i];
                modSeqs[kept++] = modSeqs[i];
            }
        }
        count = kept;
        announced = Math.min(announced, kept);
        gone.clear();
    }
}
