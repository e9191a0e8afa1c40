package org.pintail.rocksdb;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Events;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.backend.StoreException;
import org.pintail.backend.Wakes;
import org.pintail.mime.Source;

/// The queue: bodies in segments, rows by id; [DueRows] knows when each row can be claimed.
final class RocksQueue implements Queue {
    private static final String ALL = "";
    private final Db db;
    private final Committer committer;
    private final Bodies bodies;
    private final Wakes<String, String> wakes = new Wakes<>();
    private final AtomicLong count = new AtomicLong();
    private final DueRows dueRows;
    /// Used by the committer only. Begins with the time of the start, so that no token of an earlier run comes again.
    private long lastLease;

    RocksQueue(Db db, Committer committer, Bodies bodies, Instant now) {
        this.db = db;
        this.committer = committer;
        this.bodies = bodies;
        this.dueRows = new DueRows(db);
        this.lastLease = now.toEpochMilli() << 20;
    }

    /// Counts the rows, and gives back those that a process held when it ended.
    void begin() {
        var leased = new ArrayList<QueueRow>();
        db.scan(Family.QUEUE_ROWS, new byte[0], true, (_, value) -> {
            count.incrementAndGet();
            var row = QueueCodec.decode(value);
            if (row.lease() != 0) {
                leased.add(row);
                lastLease = Math.max(lastLease, row.lease()); // the clock may have gone back
            }
            return true;
        });
        if (!leased.isEmpty()) {
            committer.commit(txn -> {
                leased.forEach(row -> write(txn, row, leased(row, 0, null)));
                return true;
            });
        }
    }

    /// An entry with its body in memory.
    private record Loaded(Entry entry, byte[] body) {}

    private static List<Loaded> load(List<Entry> entries) {
        var loaded = new ArrayList<Loaded>();
        for (var e : entries) {
            check(e);
            try {
                loaded.add(new Loaded(e, e.body().readAll()));
            } catch (IOException failed) {
                throw RocksMessages.unreadable("body of " + e.message().id(), failed);
            }
        }
        return loaded;
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

    @Override
    public void enqueue(QueuedMessage message, Source body, List<QueueRow> rows) {
        enqueue(List.of(new Entry(message, body, rows)));
    }

    @Override
    public void enqueue(List<Entry> entries) {
        var loaded = load(entries);
        committer.commitGrowing(txn -> {
            put(txn, loaded);
            return true;
        });
        counted(rowsOf(entries));
    }

    private static long rowsOf(List<Entry> entries) {
        return entries.stream().mapToLong(e -> e.rows().size()).sum();
    }

    private void counted(long more) {
        count.addAndGet(more);
    }

    private void put(Txn txn, List<Loaded> entries) {
        for (var loaded : entries) {
            var m = loaded.entry().message();
            var key = Keys.text(m.id());
            if (txn.get(Family.QUEUE_MESSAGES, key) != null) {
                throw new StoreException.Duplicate("queue");
            }
            var place = txn.store(Place.Kind.BODIES, Bodies.owner(Bodies.QUEUED, key), loaded.body());
            txn.put(Family.QUEUE_MESSAGES, key, QueueCodec.encode(m, place));
            for (var row : loaded.entry().rows()) {
                write(txn, null, leased(row, 0, null));
            }
        }
        if (!entries.isEmpty()) {
            txn.touchQueue();
        }
    }

    /// Puts a row in the place of `before`.
    private void write(Txn txn, @Nullable QueueRow before, QueueRow row) {
        txn.put(Family.QUEUE_ROWS, QueueCodec.key(row.id(), row.seq()), QueueCodec.encode(row));
        dueRows.write(txn, before, row);
    }

    private static @Nullable QueueRow row(Txn txn, String id, String seq) {
        var value = txn.get(Family.QUEUE_ROWS, QueueCodec.key(id, seq));
        return value == null ? null : QueueCodec.decode(value);
    }

    @Override
    public List<QueueRow> claim(String zone, Instant now, Duration lease, Set<String> skipDomains, int max) {
        var candidates = dueRows.claimable(zone, now.toEpochMilli(), skipDomains, max);
        if (candidates.isEmpty()) {
            return List.of(); // nothing to claim costs no commit
        }
        return committer.commit(txn -> {
            var mine = new ArrayList<QueueRow>();
            for (var candidate : candidates) {
                if (mine.size() == max) {
                    break;
                }
                var value = txn.get(Family.QUEUE_ROWS, DueRows.rowKey(zone, candidate.entry()));
                var row = value == null ? null : QueueCodec.decode(value);
                if (row != null && !row.held() && DueRows.isFor(candidate, row)) {
                    var leased = leased(row, ++lastLease, now.plus(lease));
                    write(txn, row, leased);
                    mine.add(leased);
                } else {
                    dueRows.remove(txn, candidate);
                }
            }
            return mine;
        });
    }

    @Override
    public boolean extend(QueueRow claimed, Instant ends) {
        return committer.commit(txn -> {
            var row = row(txn, claimed.id(), claimed.seq());
            if (row == null || !holds(claimed, row)) {
                return false;
            }
            write(txn, row, leased(row, row.lease(), ends));
            return true;
        });
    }

    @Override
    public Optional<Instant> nextDue(String zone) {
        return dueRows.next(zone).map(Instant::ofEpochMilli);
    }

    @Override
    public boolean defer(QueueRow claimed, Instant now, Instant due, String response) {
        return committer.commit(txn -> {
            var row = row(txn, claimed.id(), claimed.seq());
            if (row == null || !holds(claimed, row)) {
                return false;
            }
            write(txn, row, new QueueRow(
                    row.id(), row.seq(), row.recipient(), row.domain(), row.zone(), row.created(), due, row.attempts() + 1,
                    row.firstDeferred() == null ? now : row.firstDeferred(), now, response, row.held(), 0, null, row.details()));
            return true;
        });
    }

    @Override
    public boolean settle(QueueRow claimed, List<Entry> also) {
        var loaded = load(also);
        boolean settled = committer.commit(txn -> {
            var row = row(txn, claimed.id(), claimed.seq());
            if (row == null || !holds(claimed, row)) {
                return false;
            }
            put(txn, loaded);
            remove(txn, row);
            return true;
        });
        if (settled) {
            counted(rowsOf(also) - 1);
        }
        return settled;
    }

    private void remove(Txn txn, QueueRow row) {
        dueRows.remove(txn, row);
        txn.delete(Family.QUEUE_ROWS, QueueCodec.key(row.id(), row.seq()));
        if (txn.keys(Family.QUEUE_ROWS, Keys.text(row.id() + "."), 1).isEmpty()) {
            var key = Keys.text(row.id());
            var message = txn.get(Family.QUEUE_MESSAGES, key);
            if (message != null) {
                txn.delete(Family.QUEUE_MESSAGES, key);
                txn.release(Place.Kind.BODIES, QueueCodec.place(message));
            }
        }
    }

    @Override
    public Optional<QueuedMessage> message(String id) {
        return Optional.ofNullable(db.get(Family.QUEUE_MESSAGES, Keys.text(id))).map(QueueCodec::message);
    }

    @Override
    public Optional<Source> body(String id) {
        return bodies.queued(id);
    }

    @Override
    public List<QueueRow> rows(String id) {
        var prefix = Keys.text(id + ".");
        var rows = new ArrayList<QueueRow>();
        db.scan(Family.QUEUE_ROWS, prefix, true, (key, value) -> Keys.begins(key, prefix) && rows.add(QueueCodec.decode(value)));
        return rows;
    }

    @Override
    public List<QueueRow> list(@Nullable QueueRow after, int limit) {
        var from = after == null ? new byte[0] : Keys.join(QueueCodec.key(after.id(), after.seq()), new byte[1]);
        var rows = new ArrayList<QueueRow>();
        db.scan(Family.QUEUE_ROWS, from, true, (_, value) -> rows.size() < limit && rows.add(QueueCodec.decode(value)));
        return rows;
    }

    @Override
    public long count() {
        return count.get();
    }

    @Override
    public boolean hold(String id, String seq, boolean held) {
        return change(id, seq, !held, r -> new QueueRow(
                r.id(), r.seq(), r.recipient(), r.domain(), r.zone(), r.created(), r.due(), r.attempts(), r.firstDeferred(), r.lastAttempt(),
                r.lastResponse(), held, r.lease(), r.leaseEnds(), r.details()));
    }

    @Override
    public boolean retryNow(String id, String seq, Instant now) {
        return change(id, seq, true, r -> due(r, now));
    }

    @Override
    public boolean reschedule(String id, String seq, Instant now, Instant due) {
        return committer.commit(txn -> {
            var row = row(txn, id, seq);
            if (row == null || isLeased(row, now)) {
                return false;
            }
            write(txn, row, due(row, due));
            txn.touchQueue();
            return true;
        });
    }

    private static boolean isLeased(QueueRow row, Instant now) {
        return row.leaseEnds() != null && row.leaseEnds().isAfter(now);
    }

    private static QueueRow due(QueueRow r, Instant due) {
        return new QueueRow(
                r.id(), r.seq(), r.recipient(), r.domain(), r.zone(), r.created(), due, r.attempts(), r.firstDeferred(), r.lastAttempt(),
                r.lastResponse(), r.held(), r.lease(), r.leaseEnds(), r.details());
    }

    private boolean change(String id, String seq, boolean wakes, UnaryOperator<QueueRow> change) {
        return committer.commit(txn -> {
            var row = row(txn, id, seq);
            if (row == null) {
                return false;
            }
            write(txn, row, change.apply(row));
            if (wakes) {
                txn.touchQueue();
            }
            return true;
        });
    }

    @Override
    public boolean purge(String id, String seq, Instant now) {
        boolean purged = committer.commit(txn -> {
            var row = row(txn, id, seq);
            if (row == null || isLeased(row, now)) {
                return false;
            }
            remove(txn, row);
            return true;
        });
        if (purged) {
            counted(-1);
        }
        return purged;
    }

    @Override
    public Events.Watch watch(Runnable wake) {
        return wakes.watch(ALL, _ -> wake.run());
    }

    void wake() {
        wakes.wake(ALL, ALL);
    }

    /// A row claimed again after its lease ended has another token: the first holder is shut out.
    private static boolean holds(QueueRow claimed, QueueRow row) {
        return claimed.lease() != 0 && claimed.lease() == row.lease();
    }

    private static QueueRow leased(QueueRow r, long lease, @Nullable Instant ends) {
        return new QueueRow(
                r.id(), r.seq(), r.recipient(), r.domain(), r.zone(), r.created(), r.due(), r.attempts(), r.firstDeferred(), r.lastAttempt(),
                r.lastResponse(), r.held(), lease, ends, r.details());
    }
}
