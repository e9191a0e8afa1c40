package org.pintail.rocksdb;

import java.nio.ByteBuffer;

/// Where a record's bytes stand in a segment.
record Place(int segment, long offset, int length) {
    static final int BYTES = 16;

    void write(ByteBuffer out) {
        out.putInt(segment).putLong(offset).putInt(length);
    }

    static Place read(ByteBuffer in) {
        return new Place(in.getInt(), in.getLong(), in.getInt());
    }

    /// Key in [Family#LIVE].
    byte[] key(Kind kind) {
        return ByteBuffer.allocate(1 + 4 + 8).put((byte) kind.ordinal()).putInt(segment).putLong(offset).array();
    }

    /// The two sets of segments.
    enum Kind {
        BODIES,
        ATTACHMENTS
    }
}
