package org.pintail.rocksdb;

import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Reads of the index: of one moment where it is a transaction or a view, and each of its own where it is the whole.
interface Reader {
    byte @Nullable [] get(Family family, byte[] key);

    /// Entries of `family` from `from` on (from `from` down, when descending) as long as `visit` returns true.
    void scan(Family family, byte[] from, boolean ascending, BiPredicate<byte[], byte[]> visit);
}
