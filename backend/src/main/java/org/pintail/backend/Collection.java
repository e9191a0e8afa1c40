package org.pintail.backend;

import java.util.List;

/// A kind of document and the indexes the suite queries it by. Names are those of the data model.
public record Collection(String name, List<Index> indexes) {
    /// Keys are dotted paths, compared in the order null, number, string, ObjectId, boolean, instant. A list value at a key gives an entry per item.
    /// `unique`: at most one document per key; documents where every key is missing or null have no entry at all in such an index.
    /// `expires`: documents go once the Instant at the only key is past.
    public record Index(String name, List<String> keys, boolean unique, boolean expires) {
        public Index {
            keys = List.copyOf(keys);
        }

        public static Index on(String name, String... keys) {
            return new Index(name, List.of(keys), false, false);
        }

        public static Index unique(String name, String... keys) {
            return new Index(name, List.of(keys), true, false);
        }

        public static Index expiry(String key) {
            return new Index("entry_autoexpire", List.of(key), false, true);
        }
    }

    public Collection {
        indexes = List.copyOf(indexes);
    }

    public Index index(String indexName) {
        for (var i : indexes) {
            if (i.name().equals(indexName)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no index " + indexName + " on " + name);
    }
}
