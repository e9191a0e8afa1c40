package org.pintail.backend.memory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Events;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.backend.StoreException;
import org.pintail.backend.Wakes;
import org.pintail.mime.Source;

/// The queue in sorted maps.
final class MemoryQueue implements Queue {
    private static final String ALL = "";
    private static final Comparator<QueueRow> OLDEST_DUE_FIRST =
            Comparator.comparing(QueueRow::due).thenComparing(QueueRow::id).thenComparing(QueueRow::seq);
    private final Map<String, Held> messages = new HashMap<>();
    private final TreeMap<Key, QueueRow> rows = new TreeMap<>();
    private final Wakes<String, String> wakes = new Wakes<>();
    private long lastLease;

    private record Held(QueuedMessage message, Source body) {}

    private record Key(String id, String seq) implements Comparable<Key> {
        static Key of(QueueRow row) {
            return new Key(row.id(), row.seq());
        }

        @Override
        public int compareTo(Key other) {
            int byId = id.compareTo(other.id);
            return byId != 0 ? byId : seq.compareTo(other.seq);
        }
    }

    @Override
    public void enqueue(QueuedMessage message, Source body, List<QueueRow> rows) {
        enqueue(List.of(new Entry(message, body, rows)));
    }

    @Override
    public void enqueue(List<Entry> entries) {
        var copies = inMemory(entries);
        synchronized (this) {
            put(copies);
        }
        wakes.wake(ALL, ALL);
    }

    private static List<Entry> inMemory(List<Entry> entries) {
        var copies = new ArrayList<Entry>();
        for (var e : entries) {
            check(e);
            try {
                copies.add(new Entry(e.message(), Source.of(e.body().readAll()), e.rows()));
            } catch (IOException failed) {
                throw new StoreException.Unavailable("body of " + e.message().id() + " cannot be read", failed);
            }
        }
        return copies;
    }

    private static void check(Entry e) {
        var seqs = new HashSet<String>();
        for (var row : e.rows()) {
            if (!row.id().equals(e.message().id()) || !seqs.add(row.seq())) {
                throw new IllegalArgumentException("row " + row.id() + "." + row.seq() + " does not fit its message");
            }
        }
        if (seqs.isEmpty()) {
            throw new IllegalArgumentException("message " + e.message().id() + " without rows");
        }
    }

    private void put(List<Entry> entries) {
        var ids = new HashSet<>(messages.keySet());
        for (var e : entries) {
            if (!ids.add(e.message().id())) {
                throw new StoreException.Duplicate("queue");
            }
        }
        for (var e : entries) {
            messages.put(e.message().id(), new Held(e.message(), e.body()));
            e.rows().forEach(r -> rows.put(Key.of(r), leased(r, 0, null)));
        }
    }

    @Override
    public synchronized List<QueueRow> claim(
            String zone, Instant now, Duration lease, Set<String> skipDomains, int max) {
        var due = rows.values().stream()
                .filter(r -> r.zone().equals(zone) && !r.held() && !skipDomains.contains(r.domain()))
                .filter(r -> !r.due().isAfter(now) && !running(r, now))
                .sorted(OLDEST_DUE_FIRST)
                .limit(max)
                .toList();
        var claimed = new ArrayList<QueueRow>();
        for (var row : due) {
            var mine = leased(row, ++lastLease, now.plus(lease));
            rows.put(Key.of(row), mine);
            claimed.add(mine);
        }
        return claimed;
    }

    @Override
    public synchronized boolean extend(QueueRow claimed, Instant ends) {
        var row = rows.get(Key.of(claimed));
        if (row == null || !holds(claimed, row)) {
            return false;
        }
        rows.put(Key.of(row), leased(row, row.lease(), ends));
        return true;
    }

    @Override
    public synchronized Optional<Instant> nextDue(String zone) {
        return rows.values().stream()
                .filter(r -> r.zone().equals(zone) && !r.held())
                .map(MemoryQueue::claimableFrom)
                .min(Comparator.naturalOrder());
    }

    private static Instant claimableFrom(QueueRow r) {
        var ends = r.leaseEnds();
        return ends != null && ends.isAfter(r.due()) ? ends : r.due();
    }

    @Override
    public synchronized boolean defer(QueueRow claimed, Instant now, Instant due, String response) {
        var row = rows.get(Key.of(claimed));
        if (row == null || !holds(claimed, row)) {
            return false;
        }
        var first = row.firstDeferred() == null ? now : row.firstDeferred();
        var deferred = new QueueRow(
                row.id(), row.seq(), row.recipient(), row.domain(), row.zone(), row.created(), due,
                row.attempts() + 1, first, now, response, row.held(), 0, null, row.details());
        rows.put(Key.of(row), deferred);
        return true;
    }

    @Override
    public boolean settle(QueueRow claimed, List<Entry> also) {
        var copies = inMemory(also);
        synchronized (this) {
            var row = rows.get(Key.of(claimed));
            if (row == null || !holds(claimed, row)) {
                return false;
            }
            put(copies);
            remove(row);
        }
        if (!also.isEmpty()) {
            wakes.wake(ALL, ALL);
        }
        return true;
    }

    @Override
    public synchronized Optional<QueuedMessage> message(String id) {
        return Optional.ofNullable(messages.get(id)).map(Held::message);
    }

    @Override
    public synchronized Optional<Source> body(String id) {
        return Optional.ofNullable(messages.get(id)).map(Held::body);
    }

    @Override
    public synchronized List<QueueRow> rows(String id) {
        return rows.tailMap(new Key(id, ""), true).values().stream()
                .takeWhile(r -> r.id().equals(id))
                .toList();
    }

    @Override
    public synchronized List<QueueRow> list(@Nullable QueueRow after, int limit) {
        var from = after == null ? rows : rows.tailMap(Key.of(after), false);
        return from.values().stream().limit(limit).toList();
    }

    @Override
    public synchronized long count() {
        return rows.size();
    }

    @Override
    public boolean hold(String id, String seq, boolean held) {
        boolean there = changed(id, seq, r -> new QueueRow(
                r.id(), r.seq(), r.recipient(), r.domain(), r.zone(), r.created(), r.due(), r.attempts(),
                r.firstDeferred(), r.lastAttempt(), r.lastResponse(), held, r.lease(), r.leaseEnds(), r.details()));
        if (there && !held) {
            wakes.wake(ALL, ALL);
        }
        return there;
    }

    @Override
    public boolean retryNow(String id, String seq, Instant now) {
        boolean there = changed(id, seq, r -> due(r, now));
        if (there) {
            wakes.wake(ALL, ALL);
        }
        return there;
    }

    @Override
    public boolean reschedule(String id, String seq, Instant now, Instant due) {
        synchronized (this) {
            var row = rows.get(new Key(id, seq));
            if (row == null || running(row, now)) {
                return false;
            }
            rows.put(Key.of(row), due(row, due));
        }
        wakes.wake(ALL, ALL);
        return true;
    }

    private static QueueRow due(QueueRow r, Instant due) {
        return new QueueRow(
                r.id(), r.seq(), r.recipient(), r.domain(), r.zone(), r.created(), due, r.attempts(),
                r.firstDeferred(), r.lastAttempt(), r.lastResponse(), r.held(), r.lease(), r.leaseEnds(), r.details());
    }

    private synchronized boolean changed(String id, String seq, UnaryOperator<QueueRow> change) {
        return rows.computeIfPresent(new Key(id, seq), (k, r) -> change.apply(r)) != null;
    }

    @Override
    public synchronized boolean purge(String id, String seq, Instant now) {
        var row = rows.get(new Key(id, seq));
        if (row == null || running(row, now)) {
            return false;
        }
        remove(row);
        return true;
    }

    @Override
    public Events.Watch watch(Runnable wake) {
        return wakes.watch(ALL, any -> wake.run());
    }

    private void remove(QueueRow row) {
        rows.remove(Key.of(row));
        if (rows(row.id()).isEmpty()) {
            messages.remove(row.id());
        }
    }

    /// A row claimed again after its lease ended has another token: the first holder is shut out.
    private static boolean holds(QueueRow claimed, QueueRow row) {
        return claimed.lease() != 0 && claimed.lease() == row.lease();
    }

    private static boolean running(QueueRow row, Instant now) {
        return row.leaseEnds() != null && row.leaseEnds().isAfter(now);
    }

    private static QueueRow leased(QueueRow r, long lease, @Nullable Instant ends) {
        return new QueueRow(
                r.id(), r.seq(), r.recipient(), r.domain(), r.zone(), r.created(), r.due(), r.attempts(),
                r.firstDeferred(), r.lastAttempt(), r.lastResponse(), r.held(), lease, ends, r.details());
    }
}
