package org.pintail.imap.view;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.NewFlags;
import org.pintail.imap.wire.SequenceSet;

/// The selected mailbox as this session has been told about it: which message has which sequence number (RFC 3501 §2.3.1.2). What happens
/// is taken in at any time ([#refresh]); the numbers change only when [#updates] hands out what the client is then told.
/// Sequence number n is index n - 1 here. Not safe for several threads: the dialogue's lock guards it.
public final class SelectedMailbox {
    private final MailboxId id;
    private final boolean readOnly;
    private final Snapshot snapshot;
    private final RecentMarks recentMarks;
    private final RecentUids recent = new RecentUids();
    /// The first uid of which is not known yet whether it is recent.
    private long recentUpTo = 1;
    private int toldRecent;
    private Columns told;
    private Columns now;
    /// Of those told, which are gone, and which have changed since the client heard of them.
    private BitSet gone = new BitSet();
    private BitSet changed = new BitSet();
    /// Modseqs the client has learnt with the answers to its own commands, by uid.
    private final Map<Long, Long> known = new HashMap<>();
    /// What `$` stands for, RFC 5182: uids, ascending. Those that are gone stay here and name nothing.
    private long[] saved = {};

    /// Something the client has to be told.
    public sealed interface Update {
        record Fetch(int number, long uid, Flags flags, long modSeq) implements Update {}

        record Expunge(int number, long uid) implements Update {}

        record Exists(int count) implements Update {}

        /// RFC 3501 §7.3.2.
        record Recent(int count) implements Update {}
    }

    /// Throws [org.pintail.backend.StoreException.Missing] when the mailbox is gone.
    public SelectedMailbox(MailboxId id, boolean readOnly, Snapshots snapshots) {
        this.id = id;
        this.readOnly = readOnly;
        this.snapshot = snapshots.of(id);
        this.recentMarks = snapshots.recentMarks();
        this.told = snapshot.now();
        this.now = told;
        findRecent();
        toldRecent = recent.count(told);
    }

    public MailboxId id() {
        return id;
    }

    public boolean readOnly() {
        return readOnly;
    }

    /// The messages as the client knows them.
    Columns told() {
        return told;
    }

    public int count() {
        return told.count();
    }

    public long uid(int index) {
        return told.uid(index);
    }

    /// Which messages this session is the first to be told of; who may change nothing leaves them to the next one.
    private void findRecent() {
        long end = told.count() == 0 ? 1 : told.uid(told.count() - 1) + 1;
        if (end > recentUpTo) {
            long first = Math.max(recentUpTo, recentMarks.first(id, told, !readOnly));
            if (first < end) {
                recent.add(first, end - 1);
            }
            recentUpTo = end;
        }
    }

    /// Is this message `\Recent`, RFC 3501 §2.3.2? What IMAP4rev2 does not have is not to be shown there.
    public boolean isRecent(long uid) {
        return recent.contains(uid);
    }

    /// How many of those the client has been told of are recent.
    public int countRecent() {
        return recent.count(told);
    }

    /// Those the client has been told of and that are recent.
    public BitSet recentIndexes() {
        return recent.indexes(told);
    }

    /// The messages as they are, with indexes of their own: [#current] finds them.
    public Columns now() {
        return now;
    }

    /// Where the message with this index stands in [#now]; negative when it is gone.
    public int current(int index) {
        return now == told ? index : now.index(told.uid(index));
    }

    /// The index of a uid, negative when the client does not know that message.
    public int index(long uid) {
        return told.index(uid);
    }

    /// The indexes a set names, by sequence numbers or by uids. Numbers of no message count for nothing.
    public BitSet indexes(SequenceSet set, boolean byUid) {
        int count = told.count();
        var found = new BitSet(count);
        if (set.saved()) {
            return saved();
        }
        if (!byUid) {
            for (var r : set.resolve(count)) {
                found.set((int) r.first() - 1, (int) r.last());
            }
            return found;
        }
        for (var r : set.resolve(count == 0 ? 0 : told.uid(count - 1))) {
            int first = index(r.first());
            int last = index(r.last());
            int from = first < 0 ? -first - 1 : first;
            int to = last < 0 ? -last - 1 : last + 1;
            found.set(from, Math.max(from, to));
        }
        return found;
    }

    /// Keeps these as what `$` stands for.
    public void save(BitSet indexes) {
        saved = uids(indexes).stream().mapToLong(Long::longValue).toArray();
    }

    private BitSet saved() {
        var found = new BitSet();
        for (long uid : saved) {
            int i = index(uid);
            if (i >= 0) {
                found.set(i);
            }
        }
        return found;
    }

    /// Ascending, as the indexes are.
    public List<Long> uids(BitSet indexes) {
        var found = new ArrayList<Long>(indexes.cardinality());
        for (int i = indexes.nextSetBit(0); i >= 0; i = indexes.nextSetBit(i + 1)) {
            found.add(told.uid(i));
        }
        return found;
    }

    /// Those that are known to be expunged, though the client has not been told.
    public BitSet gone() {
        return (BitSet) gone.clone();
    }

    /// Is any message known to be expunged, though the client has not been told?
    public boolean anyGone() {
        return !gone.isEmpty();
    }

    /// Is one of these known to be expunged, though the client has not been told?
    public boolean anyGone(BitSet indexes) {
        return gone.intersects(indexes);
    }

    /// The client learns of this step with the answer to its own command; it need not be announced again.
    public void told(List<NewFlags> step) {
        if (step.isEmpty()) {
            return;
        }
        var next = now == told ? snapshot.with(step, now) : Optional.<Columns>empty();
        if (next.isPresent()) { // it knows everything, and this as well
            now = next.get();
            told = now;
            return;
        }
        step.forEach(flags -> told(flags.uid(), flags.modSeq()));
    }

    private void told(long uid, long modSeq) {
        int i = told.index(uid);
        if (i >= 0 && told.modSeq(i) < modSeq) {
            known.merge(uid, modSeq, Math::max);
            changed.clear(i);
        }
    }

    /// The client has been told the flags of these as they are now.
    public void told(BitSet indexes) {
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            if (indexes.get(i)) {
                told(told.uid(i), now.modSeq(current(i)));
            }
        }
    }

    /// Takes in what happened meanwhile. Throws [org.pintail.backend.StoreException.Missing] when the mailbox is gone.
    public void refresh() {
        var latest = snapshot.now();
        if (latest != now) {
            now = latest;
            compare();
        }
    }

    private void compare() {
        gone = new BitSet();
        changed = new BitSet();
        told.compare(now, new Columns.Differences() {
            @Override
            public void gone(int index) {
                gone.set(index);
            }

            @Override
            public void changed(int before, int after) {
                long modSeq = now.modSeq(after);
                if (modSeq > told.modSeq(before) && modSeq > known.getOrDefault(now.uid(after), 0L)) {
                    changed.set(before);
                }
            }
        });
    }

    /// What the client is to be told now, in this order. Without `mayExpunge` (RFC 3501 §7.4.1) expunged messages keep their numbers.
    public List<Update> updates(boolean mayExpunge) {
        if (now == told) {
            return List.of();
        }
        var updates = new ArrayList<Update>();
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            int at = current(i);
            updates.add(new Update.Fetch(i + 1, now.uid(at), now.flags(at), now.modSeq(at)));
        }
        boolean shrinks = mayExpunge && !gone.isEmpty();
        if (shrinks) {
            int before = 0;
            for (int i = gone.nextSetBit(0); i >= 0; i = gone.nextSetBit(i + 1)) {
                updates.add(new Update.Expunge(i + 1 - before++, told.uid(i)));
            }
        }
        int count = told.count();
        told = mayExpunge || gone.isEmpty() ? now : told.keptIn(now);
        if (shrinks || told.count() > count) {
            updates.add(new Update.Exists(told.count()));
        }
        findRecent();
        int nowRecent = recent.count(told);
        if (nowRecent != toldRecent) {
            updates.add(new Update.Recent(nowRecent));
            toldRecent = nowRecent;
        }
        known.clear();
        changed.clear();
        if (told == now) {
            gone.clear();
        } else {
            compare();
        }
        return updates;
    }
}
