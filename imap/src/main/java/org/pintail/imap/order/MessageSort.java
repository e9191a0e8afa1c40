package org.pintail.imap.order;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.StoreException;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.envelope.Envelopes;
import org.pintail.imap.envelope.UnicodeCasemap;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.view.SelectedRows;
import org.pintail.imap.wire.Progress;

/// Sorts messages of a mailbox (RFC 5256 §3). What is equal by every key stays in the order of the mailbox.
public final class MessageSort {
    private final List<SortKey> keys;
    private final Messages messages;
    private final Envelopes envelopes;
    private final MailboxOrders orders;
    private final SelectedMailbox selected;
    private final Progress progress;

    /// What of a message is compared, a place for each key.
    public static final class Keyed {
        private final int index;
        private final long uid;
        private final long[] numbers;
        private final String[] texts;

        Keyed(int index, long uid, long[] numbers, String[] texts) {
            this.index = index;
            this.uid = uid;
            this.numbers = numbers;
            this.texts = texts;
        }

        public int index() {
            return index;
        }

        public long uid() {
            return uid;
        }
    }

    /// By `keys`, the first before the others.
    public MessageSort(Messages messages, Envelopes envelopes, Orders orders, SelectedMailbox selected, List<SortKey> keys, Progress progress) {
        this.keys = keys;
        this.messages = messages;
        this.envelopes = envelopes;
        this.orders = orders.of(selected.id());
        this.selected = selected;
        this.progress = progress;
    }

    /// Their indexes, in order. Reads what no order is kept of.
    public List<Integer> sort(BitSet found) throws IOException {
        var ranks = ranks(found);
        if (ranks.isEmpty()) {
            var all = keyed(found);
            all.sort(order());
            var indexes = new ArrayList<Integer>(all.size());
            all.forEach(k -> indexes.add(k.index));
            return indexes;
        }
        var sorted = ranks.size() == 1 ? packed(ranks.getFirst(), keys.getFirst().reverse(), found) : null;
        return sorted != null ? sorted : byRanks(ranks, found);
    }

    /// A number for each message, by its place among those that are there now, which compares as the key does.
    private interface Ranks {
        long of(int at);
    }

    /// For each key; none where the texts of too many other messages would have to be read for that.
    private List<Ranks> ranks(BitSet found) throws IOException {
        var now = selected.now();
        var ranks = new ArrayList<Ranks>(keys.size());
        for (var key : keys) {
            if (key.what().isText()) {
                var order = orders.text(key, now, found.cardinality(), messages, progress);
                if (order == null) {
                    return List.of();
                }
                ranks.add(order::rank);
            } else {
                ranks.add(at -> key.number(now, at));
            }
        }
        return ranks;
    }

    /// One key: number and place share a long, where both fit in.
    private @Nullable List<Integer> packed(Ranks ranks, boolean reverse, BitSet found) {
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, selected.count()));
        var packed = new long[found.cardinality()];
        int n = 0;
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            int at = selected.current(i);
            long number = at < 0 ? 0 : ranks.of(at);
            if (Math.abs(number) >= 1L << (62 - bits)) {
                return null;
            }
            packed[n++] = (reverse ? -number : number) << bits | i;
        }
        Arrays.sort(packed);
        var indexes = new ArrayList<Integer>(n);
        for (long one : packed) {
            indexes.add((int) (one & (1L << bits) - 1));
        }
        return indexes;
    }

    private List<Integer> byRanks(List<Ranks> ranks, BitSet found) {
        var indexes = new ArrayList<Integer>(found.cardinality());
        found.stream().forEach(indexes::add);
        indexes.sort((a, b) -> {
            int one = selected.current(a);
            int other = selected.current(b);
            for (int k = 0; k < ranks.size(); k++) {
                int by = Long.compare(one < 0 ? 0 : ranks.get(k).of(one), other < 0 ? 0 : ranks.get(k).of(other));
                if (by != 0) {
                    return keys.get(k).reverse() ? -by : by;
                }
            }
            return Integer.compare(a, b);
        });
        return indexes;
    }

    /// As [#sort] has it, for what [#keyed] made with the same keys.
    public Comparator<Keyed> order() {
        return (a, b) -> {
            for (int k = 0; k < keys.size(); k++) {
                int by = keys.get(k).what().isText()
                        ? UnicodeCasemap.compare(a.texts[k], b.texts[k])
                        : Long.compare(a.numbers[k], b.numbers[k]);
                if (by != 0) {
                    return keys.get(k).reverse() ? -by : by;
                }
            }
            return Long.compareUnsigned(a.uid, b.uid);
        };
    }

    /// What is compared of these messages. One that went meanwhile has empty texts.
    public List<Keyed> keyed(BitSet found) throws IOException {
        var all = new ArrayList<Keyed>(found.cardinality());
        if (keys.stream().noneMatch(k -> k.what().isText())) {
            for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
                all.add(keyed(i, null));
            }
            return all;
        }
        progress.expect(found.cardinality());
        var missing = (BitSet) found.clone();
        SelectedRows.<IOException>read(messages, selected, found, (index, row) -> {
            progress.step();
            missing.clear(index);
            all.add(keyed(index, envelope(row)));
        });
        for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
            all.add(keyed(i, null)); // went while we looked: the client learns that next
        }
        return all;
    }

    private @Nullable Envelope envelope(MessageRow row) {
        try {
            return envelopes.of(messages, row);
        } catch (StoreException.Missing expunged) {
            return null;
        }
    }

    private Keyed keyed(int index, @Nullable Envelope envelope) {
        int at = selected.current(index);
        var numbers = new long[keys.size()];
        var texts = new String[keys.size()];
        for (int k = 0; k < keys.size(); k++) {
            var key = keys.get(k);
            if (key.what().isText()) {
                texts[k] = envelope == null ? "" : key.text(envelope);
            } else {
                numbers[k] = at < 0 ? 0 : key.number(selected.now(), at);
            }
        }
        return new Keyed(index, selected.uid(index), numbers, texts);
    }
}
