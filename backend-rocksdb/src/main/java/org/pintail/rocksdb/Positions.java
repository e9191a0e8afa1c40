package org.pintail.rocksdb;

import java.nio.ByteBuffer;

/// How far each set of segments is durable, written with every group: what stands behind it after a crash was never acknowledged.
record Positions(int segment, long length) {
    private static final Positions START = new Positions(0, 0);

    static void put(Txn txn, Place.Kind kind, Segments segments) {
        var end = segments.end();
        var value = ByteBuffer.allocate(12).putInt(end.segment()).putLong(end.position()).array();
        txn.put(Family.META, key(kind), value);
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
