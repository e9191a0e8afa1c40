package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Rewrites segments of which less than half is alive: each living record is copied to the current segment, its owner is told, and the old file
/// goes. Sources that are open on it read on; its channel is closed at the next round.
final class Compaction {
    private final Db db;
    private final Committer committer;
    private final List<FileChannel> retired = new ArrayList<>();
    final AtomicLong rewritten = new AtomicLong();
    final AtomicLong dropped = new AtomicLong();

    Compaction(Db db, Committer committer) {
        this.db = db;
        this.committer = committer;
    }

    /// One round over both kinds of segments.
    void run(Segments bodies, Segments attachments) throws IOException {
        closeRetired();
        run(Place.Kind.BODIES, bodies);
        run(Place.Kind.ATTACHMENTS, attachments);
    }

    private void run(Place.Kind kind, Segments segments) throws IOException {
        for (int segment : segments.sealed()) {
            var live = db.get(Family.SEGMENTS, Txn.segmentKey(kind, segment));
            if (live == null || Keys.number(live) < segments.size(segment) / 2) {
                rewrite(kind, segments, segment);
            }
        }
    }

    private void rewrite(Place.Kind kind, Segments segments, int segment) throws IOException {
        var prefix = Txn.segmentKey(kind, segment);
        var records = new ArrayList<byte[]>();
        db.scan(Family.LIVE, prefix, true, (key, _) -> Keys.begins(key, prefix) && records.add(key));
        for (var key : records) {
            var owner = db.get(Family.LIVE, key);
            var place = owner == null ? null : placeOf(owner);
            if (owner != null && place != null && java.util.Arrays.equals(place.key(kind), key)) {
                var bytes = segments.read(place);
                committer.commitGrowing(txn -> move(txn, kind, key, owner, place, bytes));
                rewritten.addAndGet(bytes.length);
            }
        }
        boolean empty = committer.commit(txn -> {
            boolean none = txn.keys(Family.LIVE, prefix, 1).isEmpty();
            if (none) {
                txn.delete(Family.SEGMENTS, prefix);
            }
            return none;
        });
        if (empty) {
            var channel = segments.drop(segment);
            if (channel != null) {
                retired.add(channel);
            }
            dropped.incrementAndGet();
        }
    }

    private void closeRetired() throws IOException {
        for (var channel : retired) {
            channel.close();
        }
        retired.clear();
    }

    private @org.jspecify.annotations.Nullable Place placeOf(byte[] owner) {
        var key = java.util.Arrays.copyOfRange(owner, 1, owner.length);
        var value = db.get(family(owner[0]), key);
        return value == null ? null : place(owner[0], value);
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

    private static boolean move(Txn txn, Place.Kind kind, byte[] liveKey, byte[] owner, Place from, byte[] bytes) {
        var key = java.util.Arrays.copyOfRange(owner, 1, owner.length);
        var value = txn.get(family(owner[0]), key);
        if (txn.get(Family.LIVE, liveKey) == null || value == null || !place(owner[0], value).equals(from)) {
            return false; // it died or moved meanwhile
        }
        var to = txn.store(kind, owner, bytes);
        txn.release(kind, from);
        txn.put(family(owner[0]), key, moved(owner[0], value, to));
        return true;
    }
}
