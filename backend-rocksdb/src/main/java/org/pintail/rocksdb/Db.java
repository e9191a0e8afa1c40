package org.pintail.rocksdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/// RocksDB with the column families of [Family]. Reads see what is committed; only the committer writes.
final class Db implements Reader, AutoCloseable {
    private static final long CACHE = 64L << 20;
    private static final long LOG = 128L << 20;
    private static final long WRITE_BUFFER = 32L << 20;
    private static final long WAIT_NANOS = 1_000_000;
    private static final byte[] LIFE = Keys.text("life");
    private static final byte[] CLOSED = Keys.text("closed");

    /// How many operations may be acknowledged before the log is synced.
    static final int STEPS_FORGOTTEN = 10_000;

    private final RocksDB db;
    private final LongAdder entered = new LongAdder();
    private final LongAdder left = new LongAdder();
    private volatile boolean closed;
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final List<RocksObject> owned;
    final AtomicLong syncs = new AtomicLong();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private final long life;

    private Db(RocksDB db, List<ColumnFamilyHandle> opened, List<RocksObject> owned) {
        this.db = db;
        this.owned = owned;
        for (int i = 0; i < Family.values().length; i++) {
            handles.put(Family.values()[i], opened.get(i + 1));
        }
        owned.addAll(opened);
        var before = get(Family.META, LIFE);
        long lived = before == null ? 0 : Keys.number(before);
        this.life = get(Family.META, CLOSED) == null ? lived + 1 : lived;
    }

    /// Which life of the store this is. A new one begins where the last one was not closed: a machine that lost power may have forgotten up to
    /// [#STEPS_FORGOTTEN] modseqs that clients know.
    long life() {
        return life;
    }

    /// To be committed before anything else is.
    void begin(Txn txn) {
        txn.put(Family.META, LIFE, Keys.number(life));
        txn.delete(Family.META, CLOSED);
    }

    /// To be committed after everything else.
    static boolean noteClosed(Txn txn) {
        txn.put(Family.META, CLOSED, new byte[0]);
        return true;
    }

    /// Throws [StoreException.Unavailable] naming the directory when another process has it.
    static Db open(Path directory) {
        RocksDB.loadLibrary();
        List<RocksObject> owned = new ArrayList<>();
        var cache = new LRUCache(CACHE);
        var filter = new BloomFilter(10, false);
        var table = new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter).setCacheIndexAndFilterBlocks(true);
        var family = new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER);
        var options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(LOG)
                .setDbWriteBufferSize(2 * WRITE_BUFFER)
                .setMaxOpenFiles(512)
                .setKeepLogFileNum(3);
        owned.addAll(List.of(cache, filter, family, options));
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family));
        for (var f : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(f.label(), family));
        }
        var handles = new ArrayList<ColumnFamilyHandle>();
        try {
            return new Db(RocksDB.open(options, directory.toString(), descriptors, handles), handles, owned);
        } catch (RocksDBException e) {
            owned.reversed().forEach(RocksObject::close);
            if (String.valueOf(e.getMessage()).contains("lock")) {
                throw new StoreException.Unavailable("the store at " + directory + " is in use by another process", e);
            }
            throw new StoreException.Unavailable("the store at " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(handles.get(family));
    }

    private interface Use<T extends @Nullable Object> {
        T run() throws RocksDBException;
    }

    /// Everybody but the committer uses the native index in here: a use that goes on after [#close] would end the process.
    private <T extends @Nullable Object> T use(Use<T> use) {
        entered.increment();
        try {
            if (closed) {
                throw new StoreException.Unavailable("the store is closed");
            }
            return use.run();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            left.increment();
        }
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return this.<byte @Nullable []>use(() -> db.get(handle(family), key));
    }

    /// For the committer.
    RocksIterator iterator(Family family) {
        return db.newIterator(handle(family));
    }

    @Override
    public void scan(Family family, byte[] from, boolean ascending, BiPredicate<byte[], byte[]> visit) {
        use(() -> {
            try (var it = iterator(family)) {
                scan(it, from, ascending, visit);
            }
            return true;
        });
    }

    /// Everything that `reads` does is of one moment.
    <T extends @Nullable Object> T view(Function<Reader, T> reads) {
        return this.<T>use(() -> {
            var moment = db.getSnapshot();
            try (var options = new ReadOptions()) {
                options.setSnapshot(moment);
                return reads.apply(new View(options));
            } finally {
                db.releaseSnapshot(moment);
            }
        });
    }

    private final class View implements Reader {
        private final ReadOptions options;

        View(ReadOptions options) {
            this.options = options;
        }

        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            try {
                return db.get(handle(family), options, key);
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        @Override
        public void scan(Family family, byte[] from, boolean ascending, BiPredicate<byte[], byte[]> visit) {
            try (var it = db.newIterator(handle(family), options)) {
                Db.scan(it, from, ascending, visit);
            }
        }
    }

    static void scan(RocksIterator it, byte[] from, boolean ascending, BiPredicate<byte[], byte[]> visit) {
        if (ascending) {
            it.seek(from);
        } else {
            it.seekForPrev(from);
        }
        while (it.isValid() && visit.test(it.key(), it.value())) {
            if (ascending) {
                it.next();
            } else {
                it.prev();
            }
        }
        try {
            it.status();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /// Reads through a batch that is not written yet; for the committer.
    byte @Nullable [] get(WriteBatchWithIndex batch, Family family, byte[] key) {
        try (var options = new ReadOptions()) {
            return batch.getFromBatchAndDB(db, handle(family), options, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /// Writes and syncs; committer only.
    void write(WriteBatchWithIndex batch) {
        try {
            db.write(synced, batch);
            syncs.incrementAndGet();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /// Writes to the log without syncing it; committer only.
    void writeUnsynced(WriteBatchWithIndex batch) {
        try {
            db.write(unsynced, batch);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /// Syncs what was written without; committer only.
    void sync() {
        try {
            db.syncWal();
            syncs.incrementAndGet();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    static StoreException failed(RocksDBException e) {
        var status = e.getStatus();
        var text = "the index failed: " + e.getMessage();
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return new StoreException.Full(text, e);
        }
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return new StoreException.Corrupt(text, e);
        }
        return new StoreException.Unavailable(text, e);
    }

    /// Waits for those who read.
    @Override
    public void close() {
        closed = true;
        while (left.sum() != entered.sum()) { // in this order: who enters in between sees that it is closed
            LockSupport.parkNanos(WAIT_NANOS);
        }
        handles.values().forEach(ColumnFamilyHandle::close);
        synced.close();
        unsynced.close();
        db.close();
        owned.reversed().forEach(RocksObject::close);
    }
}
