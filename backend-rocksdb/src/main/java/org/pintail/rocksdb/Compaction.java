package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rewrites segments of which less than half is alive, those with the least alive first: each living record is copied to the current segment,
/// its owner is told, and the old file goes. Sources that are open on it read on for [#READ_ON]; only then the disk gets its bytes back.
final class Compaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    static final Duration READ_ON = Duration.ofMinutes(5);
    private static final long BYTES_AT_ONCE = 1 << 20;
    private static final int RECORDS_AT_ONCE = 200;
    private final Db db;
    private final Committer committer;
    private final FreeSpace space;
    private final Clock clock;
    private final List<Retired> retired = new ArrayList<>();
    final AtomicLong rewritten = new AtomicLong();
    final AtomicLong dropped = new AtomicLong();
    final AtomicLong reclaimed = new AtomicLong();

    /// A file without a name that somebody may still read.
    private record Retired(FileChannel channel, Instant since) {}

    private record Candidate(int segment, long live) {}

    /// A living record: what owns it, where it is, its bytes.
    private record Found(byte[] liveKey, byte[] owner, Place place, byte[] bytes) {}

    Compaction(Db db, Committer committer, FreeSpace space, Clock clock) {
        this.db = db;
        this.committer = committer;
        this.space = space;
        this.clock = clock;
    }

    /// One round over both kinds of segments.
    void run(Segments bodies, Segments attachments) throws IOException {
        closeRetired();
        run(Place.Kind.BODIES, bodies);
        run(Place.Kind.ATTACHMENTS, attachments);
    }

    private void run(Place.Kind kind, Segments segments) throws IOException {
        var candidates = new ArrayList<Candidate>();
        for (int segment : segments.sealed()) {
            var value = db.get(Family.SEGMENTS, Txn.segmentKey(kind, segment));
            long live = value == null ? 0 : Keys.number(value);
            if (live < segments.size(segment) / 2) {
                candidates.add(new Candidate(segment, live));
            }
        }
        candidates.sort(Comparator.comparingLong(Candidate::live));
        for (var candidate : candidates) {
            if (candidate.live() > space.roomForCompaction()) {
                LOG.warn("no room to rewrite a segment kind={} segment={} live={}", kind, candidate.segment(), candidate.live());
                return;
            }
            rewrite(kind, segments, candidate.segment());
        }
    }

    private void rewrite(Place.Kind kind, Segments segments, int segment) throws IOException {
        var prefix = Txn.segmentKey(kind, segment);
        var keys = new ArrayList<byte[]>();
        db.scan(Family.LIVE, prefix, true, (key, _) -> Keys.begins(key, prefix) && keys.add(key));
        var some = new ArrayList<Found>();
        long bytes = 0;
        for (var key : keys) {
            var found = find(kind, segments, key);
            if (found != null) {
                some.add(found);
                bytes += found.bytes().length;
                if (bytes >= BYTES_AT_ONCE || some.size() == RECORDS_AT_ONCE) {
                    move(kind, some);
                    bytes = 0;
                }
            }
        }
        move(kind, some);
        drop(kind, segments, segment);
    }

    private @Nullable Found find(Place.Kind kind, Segments segments, byte[] key) throws IOException {
        var owner = db.get(Family.LIVE, key);
        var place = owner == null ? null : placeOf(owner);
        if (owner == null || place == null || !Arrays.equals(place.key(kind), key)) {
            return null;
        }
        try {
            return new Found(key, owner, place, segments.read(place));
        } catch (StoreException.Corrupt e) {
            // it stays where it is, and its segment with it; the others go on
            LOG.error("damaged record met while rewriting a segment kind={} place={} error={}", kind, place, e.getMessage());
            return null;
        }
    }

    private void move(Place.Kind kind, List<Found> some) {
        if (some.isEmpty()) {
            return;
        }
        var moving = List.copyOf(some);
        some.clear();
        rewritten.addAndGet(committer.commit(txn -> {
            long moved = 0;
            for (var found : moving) {
                moved += move(txn, kind, found);
            }
            return moved;
        }));
    }

    private void drop(Place.Kind kind, Segments segments, int segment) throws IOException {
        var prefix = Txn.segmentKey(kind, segment);
        boolean empty = committer.commit(txn -> {
            boolean none = txn.keys(Family.LIVE, prefix, 1).isEmpty();
            if (none) {
                txn.delete(Family.SEGMENTS, prefix);
            }
            return none;
        });
        if (empty) {
            long size = segments.size(segment);
            var channel = segments.drop(segment);
            if (channel != null) {
                retired.add(new Retired(channel, clock.instant()));
            }
            dropped.incrementAndGet();
            reclaimed.addAndGet(size);
            LOG.info("segment rewritten kind={} segment={} size={}", kind, segment, size);
        }
    }

    /// Called when no round runs any more.
    @Override
    public void close() throws IOException {
        for (var one : retired) {
            one.channel().close();
        }
    }

    private void closeRetired() throws IOException {
        var longAgo = clock.instant().minus(READ_ON);
        var left = new ArrayList<Retired>();
        for (var one : retired) {
            if (one.since().isAfter(longAgo)) {
                left.add(one);
            } else {
                one.channel().close();
            }
        }
        retired.clear();
        retired.addAll(left);
    }

    /// Bytes in segments that somebody owns.
    long liveBytes() {
        var sum = new long[1];
        db.scan(Family.SEGMENTS, new byte[0], true, (_, live) -> {
            sum[0] += Keys.number(live);
            return true;
        });
        return sum[0];
    }

    private @Nullable Place placeOf(byte[] owner) {
        var value = db.get(family(owner[0]), key(owner));
        return value == null ? null : place(owner[0], value);
    }

    private static byte[] key(byte[] owner) {
        return Arrays.copyOfRange(owner, 1, owner.length);
    }

    private static Family family(byte kind) {
        return switch (kind) {
            case Bodies.CONTENT -> Family.BODIES;
            case Bodies.ATTACHMENT -> Family.ATTACHMENTS;
            default -> Family.QUEUE_MESSAGES;
        };
    }

    private static Place place(byte kind, byte[] value) {
        return switch (kind) {
            case Bodies.CONTENT -> BodyRecord.decode(value).place();
            case Bodies.ATTACHMENT -> AttachmentRecord.decode(value).place();
            default -> QueueCodec.place(value);
        };
    }

    private static byte[] moved(byte kind, byte[] value, Place to) {
        return switch (kind) {
            case Bodies.CONTENT -> BodyRecord.decode(value).at(to).encode();
            case Bodies.ATTACHMENT -> new AttachmentRecord(AttachmentRecord.decode(value).references(), to).encode();
            default -> QueueCodec.withPlace(value, to);
        };
    }

    /// Bytes moved; none when the record died or moved meanwhile.
    private static long move(Txn txn, Place.Kind kind, Found found) {
        var owner = found.owner();
        var value = txn.get(family(owner[0]), key(owner));
        if (txn.get(Family.LIVE, found.liveKey()) == null || value == null || !place(owner[0], value).equals(found.place())) {
            return 0;
        }
        var to = txn.store(kind, owner, found.bytes());
        txn.release(kind, found.place());
        txn.put(family(owner[0]), key(owner), moved(owner[0], value, to));
        return found.bytes().length;
    }
}
