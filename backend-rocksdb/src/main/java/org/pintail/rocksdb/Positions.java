package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/// How far each set of segments is durable, written with every group: what stands behind it after a crash was never acknowledged.
record Positions(int segment, long length) {
    private static final Positions START = new Positions(0, 0);

    /// What was written last, so that a group that changes nothing of it need not write it again. Belongs to the committer.
    static final class Known {
        private final Map<Place.Kind, Positions> written = new EnumMap<>(Place.Kind.class);

        void put(Txn txn, Place.Kind kind, Segments segments) {
            var end = segments.end();
            var now = new Positions(end.segment(), end.position());
            if (!now.equals(written.put(kind, now))) {
                txn.put(Family.META, key(kind), ByteBuffer.allocate(12).putInt(now.segment).putLong(now.length).array());
            }
        }

        void written(boolean durable) {
            if (!durable) {
                written.clear();
            }
        }
    }

    static Positions read(Db db, Place.Kind kind) {
        var value = db.get(Family.META, key(kind));
        if (value == null) {
            return START;
        }
        var in = ByteBuffer.wrap(value);
        return new Positions(in.getInt(), in.getLong());
    }

    private static byte[] key(Place.Kind kind) {
        return Keys.text("position." + kind);
    }
}
