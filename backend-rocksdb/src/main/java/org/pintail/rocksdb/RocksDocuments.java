package org.pintail.rocksdb;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.Documents;
import org.pintail.backend.IndexKey;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Documents as BSON under their ids, with an entry per index key.
final class RocksDocuments implements Documents {
    private final Db db;
    private final Committer committer;
    private final Clock clock;
    /// Collections with an expiry index that were used since the start: what [#expire] looks through.
    private final ConcurrentHashMap<String, Collection> expiring = new ConcurrentHashMap<>();
    /// How many changes go with the next commit, by what they are asked for.
    private final ConcurrentHashMap<Coming, Integer> coming = new ConcurrentHashMap<>();

    /// Changes of documents that have this id, or belong to this account; null: any of the collection.
    private record Coming(String collection, @Nullable ObjectId about) {}

    RocksDocuments(Db db, Committer committer, Clock clock) {
        this.db = db;
        this.committer = committer;
        this.clock = clock;
    }

    private static byte[] key(Collection in, ObjectId id) {
        return Keys.join(Keys.text(in.name() + "\0"), Keys.id(id));
    }

    private static byte[] indexPrefix(Collection in, Collection.Index index) {
        return Keys.text(in.name() + "\0" + index.name() + "\0");
    }

    @Override
    public Optional<Document> find(Collection in, ObjectId id) {
        settle(in, id);
        return Optional.ofNullable(db.get(Family.DOCUMENTS, key(in, id))).map(DocumentCodec::decode).filter(d -> !expired(in, d));
    }

    private boolean expired(Collection in, Document document) {
        for (var index : in.indexes()) {
            if (index.expires()) {
                expiring.putIfAbsent(in.name(), in);
                if (document.at(index.keys().getFirst()) instanceof Instant end && !end.isAfter(clock.instant())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public Optional<Document> find(Collection in, String index, @Nullable Object... key) {
        return list(in, index, Arrays.asList(key), null, true, 1).stream().findFirst();
    }

    @Override
    public void insert(Collection in, Document document) {
        var bytes = DocumentCodec.encode(document);
        committer.commitGrowing(txn -> {
            if (txn.get(Family.DOCUMENTS, key(in, document.id())) != null) {
                throw new StoreException.Duplicate("_id_");
            }
            return insert(txn, in, document, bytes);
        });
    }

    /// With the next commit.
    @Override
    public void insertSoon(Collection in, Document document) {
        var bytes = DocumentCodec.encode(document);
        later(in, document, txn -> txn.get(Family.DOCUMENTS, key(in, document.id())) != null || insert(txn, in, document, bytes));
    }

    /// With the next commit.
    @Override
    public void amendSoon(Collection in, Document document, UnaryOperator<Document> change) {
        later(in, document, txn -> update(txn, in, document.id(), change));
    }

    private void later(Collection in, Document document, Committer.Operation<?> operation) {
        var marks = new ArrayList<>(List.of(new Coming(in.name(), null), new Coming(in.name(), document.id())));
        if (document.value("user") instanceof ObjectId user) {
            marks.add(new Coming(in.name(), user));
        }
        marks.forEach(mark -> coming.merge(mark, 1, Integer::sum));
        committer.commitLater(operation, () -> marks.forEach(mark -> coming.computeIfPresent(mark, (_, count) -> count == 1 ? null : count - 1)));
    }

    private void settle(Collection in, @Nullable ObjectId about) {
        if (coming.containsKey(new Coming(in.name(), about))) {
            committer.settle();
        }
    }

    private void settle(Collection in, Collection.Index index, List<? extends @Nullable Object> prefix) {
        boolean ofAccount = !prefix.isEmpty() && index.keys().getFirst().equals("user");
        settle(in, ofAccount && prefix.getFirst() instanceof ObjectId user ? user : null);
    }

    private boolean insert(Txn txn, Collection in, Document document, byte[] bytes) {
        addEntries(txn, in, document);
        txn.put(Family.DOCUMENTS, key(in, document.id()), bytes);
        return true;
    }

    private void addEntries(Txn txn, Collection in, Document document) {
        for (var index : in.indexes()) {
            var prefix = indexPrefix(in, index);
            for (var value : IndexKey.of(index, document)) {
                var entry = Keys.join(prefix, value);
                if (index.unique()) {
                    refuseTaken(txn, in, index, entry, document.id());
                }
                txn.put(Family.DOCUMENT_INDEX, IndexKey.entry(entry, document.id()), new byte[0]);
            }
        }
    }

    /// A document whose time is over makes room.
    private void refuseTaken(Txn txn, Collection in, Collection.Index index, byte[] entry, ObjectId by) {
        for (var key : txn.keys(Family.DOCUMENT_INDEX, entry, 2)) {
            var other = IndexKey.idOf(key);
            if (key.length != entry.length + Keys.ID || other.equals(by)) {
                continue;
            }
            var bytes = txn.get(Family.DOCUMENTS, key(in, other));
            var document = bytes == null ? null : DocumentCodec.decode(bytes);
            if (document == null || !expired(in, document)) {
                throw new StoreException.Duplicate(index.name());
            }
            removeEntries(txn, in, document);
            txn.delete(Family.DOCUMENTS, key(in, other));
        }
    }

    private static void removeEntries(Txn txn, Collection in, Document document) {
        for (var index : in.indexes()) {
            for (var value : IndexKey.of(index, document)) {
                txn.delete(Family.DOCUMENT_INDEX, IndexKey.entry(Keys.join(indexPrefix(in, index), value), document.id()));
            }
        }
    }

    @Override
    public Optional<Document> update(Collection in, ObjectId id, UnaryOperator<Document> change) {
        return committer.commitGrowing(txn -> update(txn, in, id, change));
    }

    private Optional<Document> update(Txn txn, Collection in, ObjectId id, UnaryOperator<Document> change) {
        var bytes = txn.get(Family.DOCUMENTS, key(in, id));
        if (bytes == null) {
            return Optional.empty();
        }
        var before = DocumentCodec.decode(bytes);
        if (expired(in, before)) {
            return Optional.empty();
        }
        var after = change.apply(before);
        if (after == before) {
            return Optional.of(before);
        }
        if (!after.id().equals(id)) {
            throw new IllegalArgumentException("an update must keep _id");
        }
        var encoded = DocumentCodec.encode(after);
        removeEntries(txn, in, before);
        addEntries(txn, in, after);
        txn.put(Family.DOCUMENTS, key(in, id), encoded);
        return Optional.of(DocumentCodec.decode(encoded));
    }

    @Override
    public boolean delete(Collection in, ObjectId id) {
        return committer.commit(txn -> {
            var bytes = txn.get(Family.DOCUMENTS, key(in, id));
            if (bytes == null) {
                return false;
            }
            removeEntries(txn, in, DocumentCodec.decode(bytes));
            txn.delete(Family.DOCUMENTS, key(in, id));
            return true;
        });
    }

    @Override
    public List<Document> list(
            Collection in, String index, List<? extends @Nullable Object> prefix, @Nullable Place after, boolean ascending, int limit) {
        var definition = in.index(index);
        var space = indexPrefix(in, definition);
        var wanted = IndexKey.encode(prefix);
        var start = Keys.join(space, wanted);
        var place = after == null ? null : Keys.join(space, IndexKey.entry(prefix, after));
        var found = new ArrayList<Document>();
        if (limit <= 0) {
            return found;
        }
        settle(in, definition, prefix);
        var from = ascending ? place == null || Arrays.compareUnsigned(place, start) < 0 ? start : place : descendingStart(start, place);
        db.scan(Family.DOCUMENT_INDEX, from, ascending, (key, _) -> {
            if (!Keys.begins(key, start)) {
                // seekForPrev may land before the place of a descending start
                return !ascending && Arrays.compareUnsigned(key, start) > 0;
            }
            if (place == null || !Arrays.equals(key, place)) {
                add(in, definition, key, space.length, wanted, ascending, found);
            }
            return found.size() < limit;
        });
        return found;
    }

    private static byte[] descendingStart(byte[] start, byte @Nullable [] place) {
        var end = IndexKey.endOf(start);
        if (place != null && (end == null || Arrays.compareUnsigned(place, end) < 0)) {
            return place;
        }
        return end == null ? new byte[] {(byte) 0xff} : end;
    }

    private void add(Collection in, Collection.Index index, byte[] entry, int space, byte[] wanted, boolean ascending, List<Document> found) {
        var document = find(in, IndexKey.idOf(entry));
        var value = IndexKey.keyOf(Arrays.copyOfRange(entry, space, entry.length));
        if (document.isPresent() && IndexKey.leads(index, document.get(), wanted, value, ascending)) {
            found.add(document.get());
        }
    }

    @Override
    public List<Document> list(Collection in, @Nullable ObjectId after, boolean ascending, int limit) {
        var prefix = Keys.text(in.name() + "\0");
        var first = after == null ? ascending ? prefix : Keys.join(prefix, Keys.id(new ObjectId(-1, -1))) : key(in, after);
        var found = new ArrayList<Document>();
        if (limit <= 0) {
            return found;
        }
        settle(in, null);
        db.scan(Family.DOCUMENTS, first, ascending, (key, value) -> {
            if (!Keys.begins(key, prefix)) {
                return false;
            }
            if (after == null || !Arrays.equals(key, first)) {
                var document = DocumentCodec.decode(value);
                if (!expired(in, document)) {
                    found.add(document);
                }
            }
            return found.size() < limit;
        });
        return found;
    }

    @Override
    public long count(Collection in, String index, List<? extends @Nullable Object> prefix) {
        return list(in, index, prefix, null, true, Integer.MAX_VALUE).size();
    }

    @Override
    public long count(Collection in) {
        boolean canExpire = in.indexes().stream().anyMatch(Collection.Index::expires);
        if (canExpire) {
            return list(in, null, true, Integer.MAX_VALUE).size();
        }
        var prefix = Keys.text(in.name() + "\0");
        settle(in, null);
        var count = new long[1];
        db.scan(Family.DOCUMENTS, prefix, true, (key, _) -> {
            boolean mine = Keys.begins(key, prefix);
            count[0] += mine ? 1 : 0;
            return mine;
        });
        return count[0];
    }

    /// Removes documents whose time is over; called now and then.
    void expire() {
        var now = clock.instant();
        for (var in : expiring.values()) {
            for (var index : in.indexes()) {
                if (index.expires()) {
                    expire(in, index, now);
                }
            }
        }
    }

    private void expire(Collection in, Collection.Index index, Instant now) {
        var prefix = indexPrefix(in, index);
        var last = Keys.join(prefix, IndexKey.encode(List.of(now)));
        var ids = new ArrayList<ObjectId>();
        db.scan(Family.DOCUMENT_INDEX, prefix, true, (key, _) -> {
            boolean over = Keys.begins(key, prefix) && Arrays.compareUnsigned(key, last) <= 0;
            return over && ids.add(IndexKey.idOf(key));
        });
        ids.forEach(id -> delete(in, id));
    }
}
