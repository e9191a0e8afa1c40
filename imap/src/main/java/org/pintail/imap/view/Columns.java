package org.pintail.imap.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewFlags;

/// The messages of a mailbox at one moment, ascending by uid: some 40 bytes for each. Never changes; what comes after shares all chunks in which nothing
/// happened, so many moments of a mailbox cost little more than one. An index is a place in this order.
public final class Columns {
    private static final int CHUNK = 512;
    private final FlagTable table;
    private final Chunk[] chunks;
    /// The index of the first message of each chunk, and at the end their number.
    private final int[] starts;
    private final long modSeq;
    private final long uidNext;

    /// Some messages. UIDs are unsigned.
    private record Chunk(int[] uids, long[] modSeqs, int[] flags, int[] sizes, long[] internalDates, long[] sentDates, int[] savedDates) {
        int count() {
            return uids.length;
        }

        long uid(int at) {
            return Integer.toUnsignedLong(uids[at]);
        }

        long last() {
            return uid(uids.length - 1);
        }

        /// The same messages with other flags, ascending; shares what stays as it is. UIDs that are not in here are passed over.
        Chunk with(List<NewFlags> news, FlagTable table) {
            var nextFlags = flags.clone();
            var nextModSeqs = modSeqs.clone();
            int at = 0;
            Flags last = null;
            int number = 0;
            for (var one : news) {
                while (uid(at) < one.uid()) {
                    at++;
                }
                if (uid(at) == one.uid()) {
                    if (one.flags() != last) {
                        last = one.flags();
                        number = table.number(last);
                    }
                    nextFlags[at] = number;
                    nextModSeqs[at] = one.modSeq();
                }
            }
            return new Chunk(uids, nextModSeqs, nextFlags, sizes, internalDates, sentDates, savedDates);
        }
    }

    private Columns(FlagTable table, List<Chunk> chunks, long modSeq, long uidNext) {
        this.table = table;
        this.chunks = chunks.toArray(Chunk[]::new);
        this.starts = new int[chunks.size() + 1];
        for (int i = 0; i < this.chunks.length; i++) {
            starts[i + 1] = starts[i] + this.chunks[i].count();
        }
        this.modSeq = modSeq;
        this.uidNext = uidNext;
    }

    /// `rows` ascending by uid, read after `modSeq` and `uidNext` were.
    public static Columns of(List<MessageRow> rows, long modSeq, long uidNext) {
        var builder = new Builder(new FlagTable());
        rows.forEach(builder::row);
        return builder.build(modSeq, uidNext);
    }

    public int count() {
        return starts[chunks.length];
    }

    /// Up to where changes are in here.
    public long modSeq() {
        return modSeq;
    }

    public long uidNext() {
        return uidNext;
    }

    FlagTable table() {
        return table;
    }

    private int chunk(int index) {
        int guess = index / CHUNK;
        if (guess < chunks.length && starts[guess] <= index && index < starts[guess + 1]) {
            return guess;
        }
        int found = Arrays.binarySearch(starts, 0, chunks.length, index);
        return found < 0 ? -found - 2 : found;
    }

    public long uid(int index) {
        int c = chunk(index);
        return chunks[c].uid(index - starts[c]);
    }

    public long modSeq(int index) {
        int c = chunk(index);
        return chunks[c].modSeqs[index - starts[c]];
    }

    /// The number of its flags in [#table].
    int flagNumber(int index) {
        int c = chunk(index);
        return chunks[c].flags[index - starts[c]];
    }

    public Flags flags(int index) {
        return table.flags(flagNumber(index));
    }

    /// As FETCH has them, `(\Seen $Forwarded)`; not to be changed.
    public byte[] renderedFlags(int index) {
        return table.rendered(flagNumber(index));
    }

    public long size(int index) {
        int c = chunk(index);
        return Integer.toUnsignedLong(chunks[c].sizes[index - starts[c]]);
    }

    public Instant internalDate(int index) {
        int c = chunk(index);
        return Instant.ofEpochMilli(chunks[c].internalDates[index - starts[c]]);
    }

    public Instant sentDate(int index) {
        int c = chunk(index);
        return Instant.ofEpochMilli(chunks[c].sentDates[index - starts[c]]);
    }

    /// When it came into this mailbox, to the second: its id was made then, with every copy and every move.
    public Instant savedDate(int index) {
        int c = chunk(index);
        return Instant.ofEpochSecond(Integer.toUnsignedLong(chunks[c].savedDates[index - starts[c]]));
    }

    /// The index of a uid; where there is none, -(place) - 1 as [Arrays#binarySearch].
    public int index(long uid) {
        int low = 0;
        int high = chunks.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chunks[middle].last() < uid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == chunks.length) {
            return -count() - 1;
        }
        var chunk = chunks[low];
        int from = 0;
        int to = chunk.count();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (chunk.uid(middle) < uid) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        int place = starts[low] + from;
        return chunk.uid(from) == uid ? place : -place - 1;
    }

    /// The next moment.
    Columns with(MailboxChanges news) {
        boolean onlyFlags = news.changed().isEmpty() && news.expunged().isEmpty();
        var moved = onlyFlags ? List.of(chunks) : moved(news);
        var flagged = new ArrayList<Chunk>(moved.size());
        int from = 0;
        for (var chunk : moved) {
            int to = from;
            while (to < news.flagged().size() && news.flagged().get(to).uid() <= chunk.last()) {
                to++;
            }
            flagged.add(from == to ? chunk : chunk.with(news.flagged().subList(from, to), table));
            from = to;
        }
        return new Columns(table, flagged, Math.max(modSeq, news.highestModSeq()), Math.max(uidNext, news.uidNext()));
    }

    /// Messages come and go.
    private List<Chunk> moved(MailboxChanges news) {
        var changed = new ArrayList<>(news.changed());
        changed.sort(Comparator.comparingLong(MessageRow::uid));
        var expunged = news.expunged().stream().mapToLong(MailboxChanges.Expunged::uid).sorted().toArray();
        var builder = new Builder(table);
        int c = 0;
        int e = 0;
        for (var chunk : chunks) {
            boolean touched = c < changed.size() && changed.get(c).uid() <= chunk.last()
                    || e < expunged.length && expunged[e] <= chunk.last();
            if (!touched) {
                builder.whole(chunk);
                continue;
            }
            for (int i = 0; i < chunk.count(); i++) {
                long uid = chunk.uid(i);
                while (c < changed.size() && changed.get(c).uid() < uid) {
                    builder.row(changed.get(c++));
                }
                while (e < expunged.length && expunged[e] < uid) {
                    e++;
                }
                boolean gone = e < expunged.length && expunged[e] == uid;
                if (c < changed.size() && changed.get(c).uid() == uid) {
                    builder.row(changed.get(c++)); // it is there now, whatever was expunged before
                } else if (!gone) {
                    builder.copy(chunk, i);
                }
            }
        }
        while (c < changed.size()) {
            builder.row(changed.get(c++));
        }
        return builder.chunks();
    }

    /// Are the same messages in both, at the same indexes? What else is known of them may differ.
    public boolean hasMessagesOf(Columns other) {
        // uids are given out in order and never again: with the same next one and as many messages, they are the same
        return this == other
                || count() == other.count()
                        && uidNext == other.uidNext
                        && (count() == 0 || uid(count() - 1) == other.uid(count() - 1));
    }

    /// Where each message of `this` stands in `now`, -1 where it does not.
    public int[] placesIn(Columns now) {
        var places = new int[count()];
        int j = 0;
        for (int i = 0; i < places.length; i++) {
            long uid = uid(i);
            while (j < now.count() && now.uid(j) < uid) {
                j++;
            }
            places[i] = j < now.count() && now.uid(j) == uid ? j : -1;
        }
        return places;
    }

    /// What differs between two moments.
    public interface Differences {
        /// A message that is not there any more, by its index in the first.
        void gone(int index);

        /// A message with another modseq, by its indexes.
        void changed(int before, int now);
    }

    /// Tells what became of the messages of `this`; nothing about new ones. Chunks that both share are passed over.
    public void compare(Columns now, Differences differences) {
        int i = 0;
        int j = 0;
        while (i < chunks.length) {
            if (j < now.chunks.length && chunks[i] == now.chunks[j]) {
                i++;
                j++;
                continue;
            }
            long last = chunks[i].last();
            for (int at = 0; at < chunks[i].count(); at++) {
                int before = starts[i] + at;
                int after = now.index(chunks[i].uid(at));
                if (after < 0) {
                    differences.gone(before);
                } else if (now.modSeq(after) != chunks[i].modSeqs[at]) {
                    differences.changed(before, after);
                }
            }
            i++;
            while (j < now.chunks.length && now.chunks[j].last() <= last) {
                j++;
            }
        }
    }

    /// `now`, with the messages of `this` that it does not have any more where they were.
    Columns keptIn(Columns now) {
        var builder = new Builder(now.table);
        int i = 0;
        int j = 0;
        while (i < count() && j < now.count()) {
            long mine = uid(i);
            long other = now.uid(j);
            if (mine < other) {
                builder.copy(this, i++);
            } else {
                builder.copy(now, j++);
                i += mine == other ? 1 : 0;
            }
        }
        while (i < count()) {
            builder.copy(this, i++);
        }
        while (j < now.count()) {
            builder.copy(now, j++);
        }
        return builder.build(now.modSeq, now.uidNext);
    }

    /// Gathers rows, ascending.
    private static final class Builder {
        private final FlagTable table;
        private final List<Chunk> done = new ArrayList<>();
        private Chunk open = empty();
        private int used;

        Builder(FlagTable table) {
            this.table = table;
        }

        private static Chunk empty() {
            return new Chunk(new int[CHUNK], new long[CHUNK], new int[CHUNK], new int[CHUNK], new long[CHUNK], new long[CHUNK], new int[CHUNK]);
        }

        void row(MessageRow row) {
            int at = next();
            open.uids[at] = (int) row.uid();
            open.modSeqs[at] = row.modSeq();
            open.flags[at] = table.number(row.flags());
            open.sizes[at] = (int) Math.min(row.size(), 0xFFFF_FFFFL);
            open.internalDates[at] = row.internalDate().toEpochMilli();
            open.sentDates[at] = row.sentDate().toEpochMilli();
            open.savedDates[at] = (int) row.id().value().created().getEpochSecond();
        }

        void copy(Columns from, int index) {
            int c = from.chunk(index);
            int at = copy(from.chunks[c], index - from.starts[c]);
            if (from.table != table) {
                open.flags[at] = table.number(from.flags(index));
            }
        }

        int copy(Chunk from, int i) {
            int at = next();
            open.uids[at] = from.uids[i];
            open.modSeqs[at] = from.modSeqs[i];
            open.flags[at] = from.flags[i];
            open.sizes[at] = from.sizes[i];
            open.internalDates[at] = from.internalDates[i];
            open.sentDates[at] = from.sentDates[i];
            open.savedDates[at] = from.savedDates[i];
            return at;
        }

        private int next() {
            if (used == CHUNK) {
                flush();
            }
            return used++;
        }

        /// Shares the chunk, unless it fits behind the open one: many small chunks would cost more than copying.
        void whole(Chunk chunk) {
            if (used > 0 && used + chunk.count() <= CHUNK) {
                for (int i = 0; i < chunk.count(); i++) {
                    copy(chunk, i);
                }
            } else {
                flush();
                done.add(chunk);
            }
        }

        private void flush() {
            if (used == CHUNK) {
                done.add(open);
                open = empty();
            } else if (used > 0) {
                done.add(new Chunk(
                        Arrays.copyOf(open.uids, used),
                        Arrays.copyOf(open.modSeqs, used),
                        Arrays.copyOf(open.flags, used),
                        Arrays.copyOf(open.sizes, used),
                        Arrays.copyOf(open.internalDates, used),
                        Arrays.copyOf(open.sentDates, used),
                        Arrays.copyOf(open.savedDates, used)));
            }
            used = 0;
        }

        List<Chunk> chunks() {
            flush();
            return done;
        }

        Columns build(long modSeq, long uidNext) {
            return new Columns(table, chunks(), modSeq, uidNext);
        }
    }
}
