package org.pintail.backend.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.IndexKey;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// The documents of one collection and its indexes. Used under the lock of [MemoryDocuments].
final class DocumentTable {
    final TreeMap<ObjectId, Document> byId = new TreeMap<>();
    private final Map<String, Indexed> indexes = new LinkedHashMap<>();

    /// An index and its entries (key and id) in order.
    record Indexed(Collection.Index definition, TreeMap<byte[], ObjectId> entries) {}

    /// The index, built when it is asked for the first time.
    Indexed index(Collection.Index definition) {
        return indexes.computeIfAbsent(definition.name(), name -> {
            var built = new Indexed(definition, new TreeMap<>(Arrays::compareUnsigned));
            byId.values().forEach(d -> entries(definition, d).forEach(e -> built.entries().put(e, d.id())));
            return built;
        });
    }

    Document require(ObjectId id) {
        return Objects.requireNonNull(byId.get(id), "index entry without document");
    }

    /// Takes the place of `before` (null: new) in everything, or throws Duplicate and changes nothing.
    void replace(@Nullable Document before, Document after) {
        for (var index : indexes.values()) {
            refuseTaken(index, after);
        }
        if (before != null) {
            remove(before.id());
        }
        byId.put(after.id(), after);
        for (var index : indexes.values()) {
            entries(index.definition(), after).forEach(e -> index.entries().put(e, after.id()));
        }
    }

    boolean remove(ObjectId id) {
        var gone = byId.remove(id);
        if (gone == null) {
            return false;
        }
        for (var index : indexes.values()) {
            entries(index.definition(), gone).forEach(index.entries()::remove);
        }
        return true;
    }

    void expire(Instant now) {
        for (var index : indexes.values()) {
            if (index.definition().expires()) {
                var until = IndexKey.encode(List.of(now.plusMillis(1)));
                new ArrayList<>(index.entries().headMap(until, false).values()).forEach(this::remove);
            }
        }
    }

    private static void refuseTaken(Indexed index, Document document) {
        if (!index.definition().unique()) {
            return;
        }
        for (var key : IndexKey.of(index.definition(), document)) {
            var there = index.entries().ceilingEntry(key);
            boolean taken = there != null
                    && Arrays.equals(IndexKey.keyOf(there.getKey()), key)
                    && !there.getValue().equals(document.id());
            if (taken) {
                throw new StoreException.Duplicate(index.definition().name());
            }
        }
    }

    private static List<byte[]> entries(Collection.Index index, Document document) {
        return IndexKey.of(index, document).stream()
                .map(key -> IndexKey.entry(key, document.id()))
                .toList();
    }
}
