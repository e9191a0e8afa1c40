package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.ObjectId;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchWithIndex;

/// What an operation of the committer sees and changes: everything committed and everything that operations before it in the group did.
final class Txn implements Reader, AutoCloseable {
    private final Db db;
    private final Segments bodies;
    private final Segments attachments;
    private final WriteBatchWithIndex batch = new WriteBatchWithIndex(true);
    private final Map<Sum, Long> sums = new HashMap<>();
    private final Set<AccountId> touched = new LinkedHashSet<>();
    private final List<Afterwards> afterwards = new ArrayList<>();
    private int afterwardsKept;
    private boolean queueTouched;
    private @Nullable ObjectId lastEntry;
    private @Nullable IOException broken;

    /// A number that the running operation adds to.
    private record Sum(Family family, ByteBuffer key) {}

    Txn(Db db, Segments bodies, Segments attachments) {
        this.db = db;
        this.bodies = bodies;
        this.attachments = attachments;
    }

    /// [Db#life].
    long life() {
        return db.life();
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return db.get(batch, family, key);
    }

    long number(Family family, byte[] key) {
        var value = get(family, key);
        return (value == null ? 0 : Keys.number(value)) + sums.getOrDefault(new Sum(family, ByteBuffer.wrap(key)), 0L);
    }

    /// Adds to a number. An operation that does so for each of many messages reads and writes it once.
    void add(Family family, byte[] key, long more) {
        sums.merge(new Sum(family, ByteBuffer.wrap(key)), more, Long::sum);
    }

    private void putSums() {
        for (var sum : sums.entrySet()) {
            var key = sum.getKey().key().array();
            var before = get(sum.getKey().family(), key);
            put(sum.getKey().family(), key, Keys.number((before == null ? 0 : Keys.number(before)) + sum.getValue()));
        }
        sums.clear();
    }

    void put(Family family, byte[] key, byte[] value) {
        try {
            batch.put(db.handle(family), key, value);
        } catch (RocksDBException e) {
            throw Db.failed(e);
        }
    }

    void delete(Family family, byte[] key) {
        try {
            batch.delete(db.handle(family), key);
        } catch (RocksDBException e) {
            throw Db.failed(e);
        }
    }

    @Override
    public void scan(Family family, byte[] from, boolean ascending, BiPredicate<byte[], byte[]> visit) {
        try (var it = batch.newIteratorWithBase(db.handle(family), db.iterator(family))) {
            Db.scan(it, from, ascending, visit);
        }
    }

    /// Keys that begin with `prefix`, at most `limit`, as a list: the batch may be changed while it is walked through.
    List<byte[]> keys(Family family, byte[] prefix, int limit) {
        var keys = new ArrayList<byte[]>();
        scan(family, prefix, true, (key, _) -> Keys.begins(key, prefix) && keys.size() < limit && keys.add(key));
        return keys;
    }

    /// Puts a record into a segment and notes whose it is.
    Place store(Place.Kind kind, byte[] owner, byte[]... parts) {
        try {
            var place = segments(kind).stage(parts);
            put(Family.LIVE, place.key(kind), owner);
            addLive(kind, place, Segments.HEADER + place.length());
            return place;
        } catch (IOException e) {
            broken = e;
            throw Segments.failed(e);
        }
    }

    /// The record is nobody's any more; its segment is rewritten when half of it is like that.
    void release(Place.Kind kind, Place place) {
        delete(Family.LIVE, place.key(kind));
        addLive(kind, place, -(Segments.HEADER + place.length()));
    }

    private void addLive(Place.Kind kind, Place place, long bytes) {
        add(Family.SEGMENTS, segmentKey(kind, place.segment()), bytes);
    }

    static byte[] segmentKey(Place.Kind kind, int segment) {
        return ByteBuffer.allocate(5).put((byte) kind.ordinal()).putInt(segment).array();
    }

    Segments segments(Place.Kind kind) {
        return kind == Place.Kind.BODIES ? bodies : attachments;
    }

    /// Watchers of the account are woken once this is durable.
    void touch(AccountId account) {
        touched.add(account);
    }

    /// A journal entry with this id is in the batch, or was and is undone.
    void journaled(ObjectId id) {
        lastEntry = id;
    }

    @Nullable ObjectId lastEntry() {
        return lastEntry;
    }

    void touchQueue() {
        queueTouched = true;
    }

    /// What is to be done in memory once the transaction is written; in order, on the committer, before anybody is told. Quick, and cannot fail.
    interface Afterwards {
        /// `durable` false: the write failed, and what it wrote may or may not be found.
        void run(boolean durable);
    }

    void afterwards(Afterwards step) {
        afterwards.add(step);
    }

    void written(boolean durable) {
        afterwards.forEach(step -> step.run(durable));
    }

    Set<AccountId> touched() {
        return touched;
    }

    boolean queueTouched() {
        return queueTouched;
    }

    /// Nothing is in the batch.
    boolean isEmpty() {
        return batch.count() == 0;
    }

    /// Records of earlier operations may be lost with a segment that could not be finished: the whole group has to fail.
    void checkWhole() throws IOException {
        if (broken != null) {
            throw broken;
        }
    }

    void mark() {
        batch.setSavePoint();
        afterwardsKept = afterwards.size();
    }

    void keep() {
        putSums();
        try {
            batch.popSavePoint();
        } catch (RocksDBException e) {
            throw Db.failed(e);
        }
    }

    void undo() {
        sums.clear();
        afterwards.subList(afterwardsKept, afterwards.size()).clear();
        try {
            batch.rollbackToSavePoint();
        } catch (RocksDBException e) {
            throw Db.failed(e);
        }
    }

    WriteBatchWithIndex batch() {
        return batch;
    }

    @Override
    public void close() {
        batch.close();
    }
}
