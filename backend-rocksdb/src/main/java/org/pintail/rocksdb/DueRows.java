package org.pintail.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.QueueRow;

/// Which rows can be claimed, and from when: those nobody holds stand in [Family#QUEUE_DUE], those under a lease in memory, since no lease
/// outlives the process that took it.
///
/// RocksDB walks over every deleted entry that is not compacted away, and a queue deletes at the very place where it searches. So each zone
/// remembers where its first entry is: what is deleted is walked over once.
final class DueRows {
    private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;
    private final Db db;
    /// Keys as in the index. Changed by the committer only, after it has written; whoever claims reads the row.
    private final ConcurrentSkipListMap<byte[], QueueRow> leases = new ConcurrentSkipListMap<>(ORDER);
    /// Zone -> no entry of it is below. Guarded by this.
    private final Map<String, byte[]> floors = new HashMap<>();
    /// Entries put so far. Guarded by this.
    private long puts;

    DueRows(Db db) {
        this.db = db;
    }

    /// Notes in the transaction what the row has become; `before` null for a new one. A held row cannot be claimed and has no entry.
    void write(Txn txn, @Nullable QueueRow before, QueueRow row) {
        if (before != null) {
            remove(txn, before);
        }
        if (row.held()) {
            return;
        }
        var key = QueueCodec.dueKey(row);
        if (row.lease() == 0) {
            txn.put(Family.QUEUE_DUE, key, Keys.text(row.domain()));
            txn.afterwards(_ -> lower(row.zone(), key));
        } else {
            txn.afterwards(_ -> leases.put(key, row));
        }
    }

    void remove(Txn txn, QueueRow row) {
        if (!row.held()) {
            remove(txn, QueueCodec.dueKey(row), row.lease() != 0);
        }
    }

    /// `key` belongs to no row as it is now.
    void remove(Txn txn, Candidate outdated) {
        remove(txn, outdated.entry(), outdated.leased());
    }

    private void remove(Txn txn, byte[] key, boolean leased) {
        if (leased) {
            txn.afterwards(durable -> {
                if (durable) { // else the row may be under its lease still
                    leases.remove(key);
                }
            });
        } else {
            txn.delete(Family.QUEUE_DUE, key);
        }
    }

    /// A row that can be claimed as far as `entry` tells. `order`: when it was due.
    record Candidate(byte[] order, byte[] entry, boolean leased) {}

    /// What can be claimed at `now`, oldest due first: more than `max` where leases have ended. Rows may be gone, held or leased when the
    /// caller comes to them.
    List<Candidate> claimable(String zone, long now, Set<String> skipDomains, int max) {
        var found = new ArrayList<Candidate>();
        leasesOf(zone).forEach((key, row) -> {
            if (timeOf(zone, key) <= now && !skipDomains.contains(row.domain())) {
                found.add(new Candidate(QueueCodec.dueKey(zone, row.due(), row), key, true));
            }
        });
        int unclaimed = found.size() + max;
        var prefix = QueueCodec.duePrefix(zone, null);
        db.scan(Family.QUEUE_DUE, floor(zone, prefix), true, (key, domain) -> {
            if (found.size() >= unclaimed || !Keys.begins(key, prefix) || timeOf(zone, key) > now) {
                return false;
            }
            if (skipDomains.isEmpty() || !skipDomains.contains(new String(domain, UTF_8))) {
                found.add(new Candidate(key, key, false));
            }
            return true;
        });
        found.sort(Comparator.comparing(Candidate::order, ORDER));
        return found;
    }

    /// False when the row has changed since and another entry speaks for it.
    static boolean isFor(Candidate candidate, QueueRow row) {
        return Arrays.equals(candidate.entry(), QueueCodec.dueKey(row));
    }

    /// The row that an entry is for.
    static byte[] rowKey(String zone, byte[] key) {
        return Arrays.copyOfRange(key, QueueCodec.duePrefix(zone, null).length + Long.BYTES, key.length);
    }

    /// The time from which the first row of the zone can be claimed, in milliseconds.
    Optional<Long> next(String zone) {
        var prefix = QueueCodec.duePrefix(zone, null);
        long seen = puts();
        byte[][] first = new byte[1][];
        db.scan(Family.QUEUE_DUE, floor(zone, prefix), true, (key, _) -> {
            first[0] = Keys.begins(key, prefix) ? key : null;
            return false;
        });
        raise(zone, first[0] == null ? behind(zone) : first[0], seen);
        var leased = leasesOf(zone).firstEntry();
        return Stream.of(Optional.ofNullable(first[0]), Optional.ofNullable(leased).map(Map.Entry::getKey))
                .flatMap(Optional::stream)
                .map(key -> timeOf(zone, key))
                .min(Comparator.naturalOrder());
    }

    private NavigableMap<byte[], QueueRow> leasesOf(String zone) {
        return leases.subMap(QueueCodec.duePrefix(zone, null), true, behind(zone), false);
    }

    /// The first key behind those of the zone.
    private static byte[] behind(String zone) {
        return Keys.text(zone + "\1");
    }

    private static long timeOf(String zone, byte[] key) {
        return Keys.numberAt(key, QueueCodec.duePrefix(zone, null).length);
    }

    private synchronized long puts() {
        return puts;
    }

    private synchronized byte[] floor(String zone, byte[] prefix) {
        return floors.getOrDefault(zone, prefix);
    }

    /// A search that began after `seen` puts found nothing below `to`. What was put meanwhile may be there.
    private synchronized void raise(String zone, byte[] to, long seen) {
        if (puts == seen) {
            floors.put(zone, to);
        }
    }

    /// Comes after the entry can be found: a search that missed it has begun before, and its [#raise] comes before this or not at all.
    private synchronized void lower(String zone, byte[] key) {
        puts++;
        floors.computeIfPresent(zone, (_, floor) -> ORDER.compare(key, floor) < 0 ? key : floor);
    }
}
