/// The embedded engine: bodies in append-only segments, everything else in RocksDB, all commits through one thread.
///
/// Read first: [RocksStore], then [Committer], which is where a message is committed: it runs gathered operations one after the other,
/// writes the segments, then writes and syncs the RocksDB log, then wakes the callers. [Txn] is what an operation sees. Rules: nobody but the
/// committer writes; nobody interrupts a thread that may be inside a file channel; long scans run on [Reads].
@NullMarked
package org.pintail.rocksdb;

import org.jspecify.annotations.NullMarked;
