package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.StoreException;

/// Bytes on their way into a segment. Those of a small group are written to the file without a sync and ride along in the index, whose log is synced
/// with every group anyway: one sync instead of two. Whenever the file is synced, because a group is large or much is carried already, the
/// index forgets them. After a crash they are written to the file again. Belongs to the committer.
final class Carried {
    /// A larger group syncs its segment: writing it twice would cost more than the sync.
    private static final int LARGEST = 256 << 10;

    /// With so much in the index the segment is synced. It bounds what is written again at open.
    private static final long MOST = 4 << 20;

    private final Place.Kind kind;
    private final Segments segments;
    /// What may be in the index.
    private final List<Piece> pieces = new ArrayList<>();

    /// Bytes of a segment from `at` to `end`.
    private record Piece(int segment, long at, long end) {
        byte[] key(Place.Kind kind) {
            return new Place(segment, at, 0).key(kind);
        }
    }

    Carried(Place.Kind kind, Segments segments) {
        this.kind = kind;
        this.segments = segments;
    }

    /// Writes what is staged; it is durable when the batch of `txn` is.
    void write(Txn txn) throws IOException {
        if (segments.hasStaged()) {
            var start = segments.written();
            long length = segments.end().position() - start.position();
            if (length > LARGEST || carried() + length > MOST) {
                segments.write();
                segments.sync();
            } else {
                var piece = new Piece(start.segment(), start.position(), start.position() + length);
                txn.put(Family.CARRIED, piece.key(kind), segments.stagedBytes((int) length));
                segments.write();
                pieces.add(piece);
            }
        }
        for (var piece : pieces) {
            if (inFile(piece)) {
                txn.delete(Family.CARRIED, piece.key(kind));
            }
        }
    }

    /// The batch is durable.
    void forget() {
        pieces.removeIf(this::inFile);
    }

    private boolean inFile(Piece piece) {
        return segments.isSynced(piece.segment, piece.end);
    }

    private long carried() {
        return pieces.stream().mapToLong(p -> p.end - p.at).sum();
    }

    /// Brings what the index carries into the files, synced. Then the index can forget it.
    static void restore(Db db, Place.Kind kind, Segments segments) throws IOException {
        var failure = new ArrayList<IOException>();
        db.scan(Family.CARRIED, new byte[] {(byte) kind.ordinal()}, true, (key, bytes) -> {
            if (key[0] != kind.ordinal()) {
                return false;
            }
            var at = ByteBuffer.wrap(key, 1, Integer.BYTES + Long.BYTES);
            try {
                segments.restore(at.getInt(), at.getLong(), bytes);
            } catch (IOException e) {
                failure.add(e);
            }
            return failure.isEmpty();
        });
        if (!failure.isEmpty()) {
            throw new StoreException.Unavailable("cannot restore the end of " + kind + ": " + failure.getFirst().getMessage(), failure.getFirst());
        }
        segments.recover();
    }

    static void forgetAll(Txn txn) {
        txn.keys(Family.CARRIED, new byte[0], Integer.MAX_VALUE).forEach(key -> txn.delete(Family.CARRIED, key));
    }
}
