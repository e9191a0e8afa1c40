package org.pintail.rocksdb;

import java.nio.ByteBuffer;

/// An attachment: how many messages hold it, and where its bytes are.
record AttachmentRecord(long references, Place place) {
    byte[] encode() {
        var out = ByteBuffer.allocate(8 + Place.BYTES).putLong(references);
        place.write(out);
        return out.array();
    }

    static AttachmentRecord decode(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        return new AttachmentRecord(in.getLong(), Place.read(in));
    }

    AttachmentRecord plus(long more) {
        return new AttachmentRecord(references + more, place);
    }
}
