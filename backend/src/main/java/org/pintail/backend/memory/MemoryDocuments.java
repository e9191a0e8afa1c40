package org.pintail.backend.memory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.Documents;
import org.pintail.backend.IndexKey;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Documents in sorted maps. What is kept went through [DocumentCodec], so it is what any engine would give back.
final class MemoryDocuments implements Documents {
    private final Clock clock;
    private final Map<String, DocumentTable> tables = new HashMap<>();

    MemoryDocuments(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Document> find(Collection in, ObjectId id) {
        return Optional.ofNullable(table(in).byId.get(id));
    }

    @Override
    public Optional<Document> find(Collection in, String index, @Nullable Object... key) {
        return list(in, index, Arrays.asList(key), null, true, 1).stream().findFirst();
    }

    @Override
    public synchronized void insert(Collection in, Document document) {
        var table = table(in);
        if (table.byId.containsKey(document.id())) {
            throw new StoreException.Duplicate("_id_");
        }
        table.replace(null, stored(document));
    }

    @Override
    public Optional<Document> update(Collection in, ObjectId id, UnaryOperator<Document> change) {
        while (true) {
            var before = find(in, id);
            if (before.isEmpty()) {
                return before;
            }
            var after = change.apply(before.get());
            if (after == before.get()) {
                return before;
            }
            if (!after.id().equals(id)) {
                throw new IllegalArgumentException("an update must keep _id");
            }
            var kept = stored(after);
            if (replaced(in, before.get(), kept)) {
                return Optional.of(kept);
            }
        }
    }

    private synchronized boolean replaced(Collection in, Document before, Document after) {
        var table = table(in);
        if (table.byId.get(before.id()) != before) {
            return false;
        }
        table.replace(before, after);
        return true;
    }

    @Override
    public synchronized boolean delete(Collection in, ObjectId id) {
        return table(in).remove(id);
    }

    @Override
    public synchronized List<Document> list(
            Collection in,
            String index,
            List<? extends @Nullable Object> prefix,
            @Nullable Place after,
            boolean ascending,
            int limit) {
        var table = table(in);
        var definition = in.index(index);
        var start = IndexKey.encode(prefix);
        var from = table.index(definition).entries();
        var end = IndexKey.endOf(start);
        var place = after == null ? null : IndexKey.entry(prefix, after);
        var range = ascending ? above(from, start, end, place) : below(from, start, end, place);
        var found = new ArrayList<Document>();
        for (var e : range.entrySet()) {
            if (found.size() >= limit) {
                break;
            }
            var document = table.require(e.getValue());
            if (IndexKey.leads(definition, document, start, IndexKey.keyOf(e.getKey()), ascending)) {
                found.add(document);
            }
        }
        return found;
    }

    /// Entries from `start` to before `end`, only those after `place`.
    private static NavigableMap<byte[], ObjectId> above(
            NavigableMap<byte[], ObjectId> entries, byte[] start, byte @Nullable [] end, byte @Nullable [] place) {
        var upper = end == null ? entries : entries.headMap(end, false);
        if (place == null || Arrays.compareUnsigned(place, start) <= 0) {
            return rest(upper, start, true);
        }
        return rest(upper, place, false);
    }

    private static NavigableMap<byte[], ObjectId> rest(
            NavigableMap<byte[], ObjectId> upper, byte[] from, boolean inclusive) {
        return upper.isEmpty() || Arrays.compareUnsigned(upper.lastKey(), from) < 0
                ? Collections.emptyNavigableMap()
                : upper.tailMap(from, inclusive);
    }

    /// Entries from before `end` down to `start`, only those before `place`.
    private static NavigableMap<byte[], ObjectId> below(
            NavigableMap<byte[], ObjectId> entries, byte[] start, byte @Nullable [] end, byte @Nullable [] place) {
        boolean sooner = place != null && (end == null || Arrays.compareUnsigned(place, end) < 0);
        byte @Nullable [] bound = sooner ? place : end;
        var lower = bound == null ? entries : entries.headMap(bound, false);
        return rest(lower, start, true).descendingMap();
    }

    @Override
    public synchronized List<Document> list(Collection in, @Nullable ObjectId after, boolean ascending, int limit) {
        var byId = ascending ? table(in).byId : table(in).byId.descendingMap();
        var range = after == null ? byId : byId.tailMap(after, false);
        return range.values().stream().limit(limit).toList();
    }

    @Override
    public long count(Collection in, String index, List<? extends @Nullable Object> prefix) {
        return list(in, index, prefix, null, true, Integer.MAX_VALUE).size();
    }

    @Override
    public synchronized long count(Collection in) {
        return table(in).byId.size();
    }

    /// The table with all its indexes, without what has expired.
    private DocumentTable table(Collection in) {
        var table = tables.computeIfAbsent(in.name(), name -> new DocumentTable());
        for (var index : in.indexes()) {
            table.index(index);
        }
        table.expire(clock.instant());
        return table;
    }

    private static Document stored(Document document) {
        return DocumentCodec.decode(DocumentCodec.encode(document));
    }
}
