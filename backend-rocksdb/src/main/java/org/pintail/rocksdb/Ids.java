package org.pintail.rocksdb;

import org.pintail.backend.ObjectId;

/// Ids as numbers of twelve bytes.
final class Ids {
    private Ids() {}

    static ObjectId plus(ObjectId id, int n) {
        long low = Integer.toUnsignedLong(id.low()) + n;
        return new ObjectId(id.high() + (low >> Integer.SIZE), (int) low); // the shift carries or borrows one
    }
}
