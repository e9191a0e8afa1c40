package org.pintail.imap.order;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Messages;
import org.pintail.backend.StoreException;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.envelope.Envelopes;
import org.pintail.imap.envelope.SubjectKey;
import org.pintail.imap.view.Columns;
import org.pintail.imap.view.SelectedRows;
import org.pintail.imap.wire.Progress;

/// How the messages of a mailbox are ordered by their texts and make threads, kept for all sessions of this node and moved forward when messages
/// have come and gone. [Orders] bounds what is kept. Two sessions that find something missing both make it; the newer one stays.
public final class MailboxOrders {
    /// So many times what was asked for may be read to have the whole mailbox next time.
    private static final int EAGER = 2;

    private static final int BYTES_OF_A_KEY = 150;
    private final MailboxId id;
    private final Envelopes envelopes;
    private final Runnable grown;
    private final Map<SortKey.What, TextOrder> texts = new ConcurrentHashMap<>();
    private final Map<ThreadList.Algorithm, Threads> threads = new ConcurrentHashMap<>();
    private volatile @Nullable KeptKeys<ThreadKey> threadKeys;

    /// What makes a thread of a message.
    public record ThreadKey(Envelope.Kin kin, SubjectKey subject) {
        private long weight() {
            long weight = BYTES_OF_A_KEY + kin.id().length() + subject.text().length();
            for (var ancestor : kin.ancestors()) {
                weight += 60 + ancestor.length();
            }
            return weight;
        }
    }

    /// The threads of all messages.
    private record Threads(Columns columns, ThreadList list) {}

    MailboxOrders(MailboxId id, Envelopes envelopes, Runnable grown) {
        this.id = id;
        this.envelopes = envelopes;
        this.grown = grown;
    }

    /// By a key that [SortKey.What#isText]. Null when too much would have to be read for `wanted` messages.
    @Nullable TextOrder text(SortKey key, Columns now, int wanted, Messages messages, Progress progress) throws IOException {
        var known = texts.get(key.what());
        if (known != null && known.texts().columns().hasMessagesOf(now)) {
            return known;
        }
        if (known != null && isNewer(known.texts().columns(), now)) {
            return null; // whoever asks has not heard of it yet
        }
        var read = KeptKeys.<String>of(now, known == null ? null : known.texts(), EAGER * wanted, (missing, found) ->
                read(missing, now, messages, progress, (index, row) -> found.found(index, key.text(envelopes.of(messages, row)))));
        if (read == null) {
            return null;
        }
        var made = new TextOrder(read, known);
        texts.merge(key.what(), made, (old, young) -> isNewer(old.texts().columns(), young.texts().columns()) ? old : young);
        grown.run();
        return made;
    }

    /// The keys of all messages; null as for [#text].
    public @Nullable KeptKeys<ThreadKey> threadKeys(Columns now, int wanted, Messages messages, Progress progress) throws IOException {
        var known = threadKeys;
        if (known != null && known.columns().hasMessagesOf(now)) {
            return known;
        }
        if (known != null && isNewer(known.columns(), now)) {
            return null;
        }
        var read = KeptKeys.<ThreadKey>of(now, known, EAGER * wanted, (missing, found) ->
                read(missing, now, messages, progress, (index, row) -> {
                    var envelope = envelopes.withKin(messages, row);
                    found.found(index, new ThreadKey(Objects.requireNonNull(envelope.kin()), envelope.subject()));
                }));
        if (read != null) {
            threadKeys = read;
            grown.run();
        }
        return read;
    }

    /// Null when these are not known.
    public @Nullable ThreadList threads(ThreadList.Algorithm algorithm, Columns now) {
        var known = threads.get(algorithm);
        return known != null && known.columns().hasMessagesOf(now) ? known.list() : null;
    }

    /// `list` are the threads of all messages of `now`.
    public void keep(ThreadList.Algorithm algorithm, Columns now, ThreadList list) {
        threads.put(algorithm, new Threads(now, list));
        grown.run();
    }

    private static boolean isNewer(Columns some, Columns other) {
        return some.modSeq() > other.modSeq();
    }

    private void read(
            BitSet missing, Columns now, Messages messages, Progress progress, SelectedRows.Visitor<IOException> visitor)
            throws IOException {
        progress.expect(missing.cardinality());
        SelectedRows.<IOException>read(messages, id, now, missing, (index, row) -> {
            progress.step();
            try {
                visitor.visit(index, row);
            } catch (StoreException.Missing expunged) {
                return; // the next moment does not have it
            }
        });
    }

    long weight() {
        long weight = texts.values().stream().mapToLong(TextOrder::weight).sum()
                + threads.values().stream().mapToLong(t -> t.list().weight()).sum();
        var keys = threadKeys;
        return keys == null ? weight : weight + weight(keys.keys());
    }

    private static long weight(List<@Nullable ThreadKey> keys) {
        long weight = 0;
        for (var key : keys) {
            weight += key == null ? 0 : key.weight();
        }
        return weight;
    }
}
