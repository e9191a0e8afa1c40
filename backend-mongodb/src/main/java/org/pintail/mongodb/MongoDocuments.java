package org.pintail.mongodb;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Documents as WildDuck keeps them, each kind in the collection of its name. An update writes only the fields that changed, on the condition
/// that nobody of us wrote in between: field `pintailRev` counts our updates and is never shown.
final class MongoDocuments implements Documents, AutoCloseable {
    private static final String REV = "pintailRev";
    private final Databases databases;
    private final StoredFiles files;
    private final Clock clock;
    private final Map<String, Set<String>> indexed = new ConcurrentHashMap<>();
    private final Gathering<Coming> coming = new Gathering<>("mongodb-documents", c -> List.of(c.user()), this::insertTogether);

    /// A document of an account that is to be inserted soon.
    private record Coming(Table table, Document document) {
        ObjectId user() {
            return document.objectId("user").orElseThrow(() -> new IllegalArgumentException("a document without user"));
        }
    }

    MongoDocuments(Databases databases, Clock clock) {
        this.databases = databases;
        this.files = new StoredFiles(databases);
        this.clock = clock;
        for (var index : Declared.all()) {
            known(index.collection()).add(index.name());
        }
    }

    private Set<String> known(String collection) {
        return indexed.computeIfAbsent(collection, _ -> ConcurrentHashMap.newKeySet());
    }

    private Table table(Collection in) {
        var known = known(in.name());
        for (var index : in.indexes()) {
            if (!known.contains(index.name())) {
                databases.makeIndex(declaration(in.name(), index));
                known.add(index.name());
            }
        }
        return databases.table(in.name());
    }

    /// An index that the data model does not have.
    static Declared.Index declaration(String collection, Collection.Index index) {
        var keys = Document.EMPTY;
        for (var key : index.keys()) {
            keys = keys.with(key, 1);
        }
        var options = Document.EMPTY;
        if (index.expires()) {
            options = Document.of("expireAfterSeconds", 0L);
        } else if (index.unique()) {
            options = Document.of("unique", true, "sparse", true);
        } else {
            keys = keys.with("_id", 1);
        }
        return new Declared.Index(Declared.placeOf(collection), collection, index.name(), keys, options);
    }

    private static Document shown(Document stored) {
        return stored.without(REV);
    }

    /// What has expired and was not removed yet is not there.
    private Document current(Collection in, Document filter) {
        var result = filter;
        for (var index : in.indexes()) {
            if (index.expires()) {
                result = result.with("$nor", List.of(Document.of(index.keys().getFirst(), Document.of("$lte", clock.instant()))));
            }
        }
        return result;
    }

    @Override
    public Optional<Document> find(Collection in, ObjectId id) {
        return files.holds(in) ? files.find(id) : stored(in, id).map(MongoDocuments::shown);
    }

    private Optional<Document> stored(Collection in, ObjectId id) {
        coming.finish();
        return table(in).first(current(in, Document.of("_id", id)));
    }

    @Override
    public Optional<Document> find(Collection in, String index, @Nullable Object... key) {
        return list(in, index, Arrays.asList(key), null, true, 1).stream().findFirst();
    }

    @Override
    public void insert(Collection in, Document document) {
        document.id();
        if (files.holds(in)) {
            files.insert(document);
            return;
        }
        try {
            table(in).insert(document);
        } catch (StoreException.Duplicate taken) {
            if (removeExpired(in) == 0) {
                throw taken;
            }
            table(in).insert(document);
        }
    }

    @Override
    public void insertSoon(Collection in, Document document) {
        if (files.holds(in)) {
            Documents.super.insertSoon(in, document);
        } else {
            coming.add(new Coming(table(in), document));
        }
    }

    private void insertTogether(List<Coming> some) {
        var byTable = new LinkedHashMap<Table, List<Document>>();
        some.forEach(c -> byTable.computeIfAbsent(c.table(), _ -> new ArrayList<>()).add(c.document()));
        byTable.forEach(Table::insertMissing);
    }

    /// What is to be inserted and may be asked for by these keys.
    private void finishComing(Collection.Index index, List<? extends @Nullable Object> prefix) {
        if (!prefix.isEmpty() && index.keys().getFirst().equals("user") && prefix.getFirst() instanceof ObjectId user) {
            coming.finish(user);
        } else {
            coming.finish();
        }
    }

    private long removeExpired(Collection in) {
        long removed = 0;
        for (var index : in.indexes()) {
            if (index.expires()) {
                var past = Document.of(index.keys().getFirst(), Document.of("$lte", clock.instant()));
                removed += table(in).deleteAll(past);
            }
        }
        return removed;
    }

    @Override
    public Optional<Document> update(Collection in, ObjectId id, UnaryOperator<Document> change) {
        if (files.holds(in)) {
            return files.update(id, change);
        }
        while (true) {
            var stored = stored(in, id);
            if (stored.isEmpty()) {
                return stored;
            }
            var before = shown(stored.get());
            var after = change.apply(before);
            if (after == before) {
                return Optional.of(before);
            }
            if (!after.id().equals(id)) {
                throw new IllegalArgumentException("an update must keep _id");
            }
            var kept = DocumentCodec.decode(DocumentCodec.encode(after));
            var filter = Document.of("_id", id, REV, stored.get().value(REV));
            if (table(in).updateOnce(filter, difference(before, kept))) {
                return Optional.of(kept);
            }
        }
    }

    /// The update that makes `after` of `before`; fields that are the same in both are left to others.
    private static Document difference(Document before, Document after) {
        var set = new LinkedHashMap<String, @Nullable Object>();
        after.fields().forEach((name, value) -> {
            boolean same = before.has(name) && java.util.Objects.equals(before.value(name), value);
            if (!same) {
                set.put(name, value);
            }
        });
        var unset = new LinkedHashMap<String, @Nullable Object>();
        for (var name : before.fields().keySet()) {
            if (!after.has(name)) {
                unset.put(name, "");
            }
        }
        var update = Document.of("$inc", Document.of(REV, 1));
        if (!set.isEmpty()) {
            update = update.with("$set", new Document(set));
        }
        return unset.isEmpty() ? update : update.with("$unset", new Document(unset));
    }

    @Override
    public boolean delete(Collection in, ObjectId id) {
        coming.finish();
        return files.holds(in) ? files.delete(id) : table(in).deleteOne(Document.of("_id", id));
    }

    @Override
    public List<Document> list(
            Collection in,
            String index,
            List<? extends @Nullable Object> prefix,
            @Nullable Place after,
            boolean ascending,
            int limit) {
        if (limit <= 0) {
            return List.of();
        }
        if (files.holds(in)) {
            return files.list(prefix, after, ascending, limit);
        }
        var definition = in.index(index);
        finishComing(definition, prefix);
        var rest = definition.keys().subList(prefix.size(), definition.keys().size());
        var filter = current(in, equal(definition, prefix));
        if (after != null) {
            filter = Document.of("$and", List.of(filter, IndexOrder.beyond(rest, after, ascending)));
        }
        var sort = Document.EMPTY;
        for (var key : rest) {
            sort = sort.with(key, ascending ? 1 : -1);
        }
        sort = sort.with("_id", ascending ? 1 : -1);
        return table(in).all(new Table.Query(filter, Document.EMPTY, sort, limit)).stream().map(MongoDocuments::shown).toList();
    }

    @Override
    public List<Document> listAny(Collection in, String index, List<? extends List<?>> choices, int limit) {
        long combinations = choices.stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
        if (files.holds(in) || combinations < 2 || limit <= 0) {
            return Documents.super.listAny(in, index, choices, limit);
        }
        var definition = in.index(index);
        var filter = Document.EMPTY;
        for (int i = 0; i < choices.size(); i++) {
            var some = choices.get(i);
            filter = filter.with(definition.keys().get(i), some.size() == 1 ? some.getFirst() : Document.of("$in", some));
        }
        choices.getFirst().forEach(first -> finishComing(definition, List.of(first)));
        var query = Table.Query.of(current(in, filter)).limit((int) Math.min(Integer.MAX_VALUE, limit * combinations));
        var found = new TreeMap<ObjectId, Document>();
        table(in).all(query).forEach(d -> found.put(d.id(), shown(d)));
        return List.copyOf(found.values());
    }

    /// Keys equal to the prefix. A unique index has no entry for documents without any of its keys.
    private static Document equal(Collection.Index index, List<? extends @Nullable Object> prefix) {
        var filter = Document.EMPTY;
        for (int i = 0; i < prefix.size(); i++) {
            filter = filter.with(index.keys().get(i), prefix.get(i));
        }
        if (index.unique() && prefix.stream().allMatch(v -> v == null)) {
            var there = new ArrayList<Document>();
            index.keys().forEach(key -> there.add(Document.of(key, Document.of("$ne", null))));
            filter = filter.fields().isEmpty()
                    ? Document.of("$or", there)
                    : Document.of("$and", List.of(filter, Document.of("$or", there)));
        }
        return filter;
    }

    @Override
    public List<Document> list(Collection in, @Nullable ObjectId after, boolean ascending, int limit) {
        if (limit <= 0) {
            return List.of();
        }
        var filter = after == null ? Document.EMPTY : Document.of("_id", Document.of(ascending ? "$gt" : "$lt", after));
        if (files.holds(in)) {
            return files.list(filter, ascending, limit);
        }
        coming.finish();
        return table(in).all(Table.Query.of(current(in, filter)).sort("_id", ascending ? 1 : -1).limit(limit)).stream()
                .map(MongoDocuments::shown)
                .toList();
    }

    @Override
    public long count(Collection in, String index, List<? extends @Nullable Object> prefix) {
        finishComing(in.index(index), prefix);
        return files.holds(in) ? files.count(prefix) : table(in).count(current(in, equal(in.index(index), prefix)));
    }

    @Override
    public long count(Collection in) {
        coming.finish();
        return files.holds(in) ? files.count(List.of()) : table(in).count(current(in, Document.EMPTY));
    }

    /// Inserts what is to come.
    @Override
    public void close() {
        coming.close();
    }
}
