package org.pintail.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Quiet entities: accounts, addresses, domain aliases, application passwords, the authentication log, settings, DKIM keys …
/// Every change is durable when the call returns.
public interface Documents {
    Optional<Document> find(Collection in, ObjectId id);

    /// The first document whose keys in `index` equal `key` (a prefix of the index's keys is enough).
    Optional<Document> find(Collection in, String index, @Nullable Object... key);

    /// Inserts; `_id` must be set. Throws [StoreException.Duplicate].
    void insert(Collection in, Document document);

    /// Inserts soon; nothing happens if its id is taken by then. Whoever asks through this store finds it at once, others within a
    /// second, and nobody if the process dies before. For what can be done without; documents of accounts (`user`) only.
    default void insertSoon(Collection in, Document document) {
        try {
            insert(in, document);
        } catch (StoreException.Duplicate taken) {
            return; // as promised
        }
    }

    /// Changes `document`, as it was read, with the promises of [#insertSoon]: nothing happens if it is gone by then.
    default void amendSoon(Collection in, Document document, UnaryOperator<Document> change) {
        update(in, document.id(), change);
    }

    /// Reads, changes and writes as one atomic step; `change` may run more than once and must have no other effect. It returns its
    /// argument to change nothing. Empty when there is no such document. Throws [StoreException.Duplicate].
    Optional<Document> update(Collection in, ObjectId id, UnaryOperator<Document> change);

    boolean delete(Collection in, ObjectId id);

    /// In index order (then by `_id`), those whose keys begin with `prefix`; `after` excludes everything up to and including its place.
    List<Document> list(
            Collection in,
            String index,
            List<? extends @Nullable Object> prefix,
            @Nullable Place after,
            boolean ascending,
            int limit);

    /// Those whose first key is one of the first choices, whose second key is one of the second choices, and so on: each once, by `_id`; at
    /// most `limit` for each combination.
    default List<Document> listAny(Collection in, String index, List<? extends List<?>> choices, int limit) {
        List<List<@Nullable Object>> combinations = List.of(List.of());
        for (var some : choices) {
            var longer = new ArrayList<List<@Nullable Object>>();
            for (var combination : combinations) {
                for (var value : some) {
                    var next = new ArrayList<>(combination);
                    next.add(value);
                    longer.add(next);
                }
            }
            combinations = longer;
        }
        var found = new TreeMap<ObjectId, Document>();
        for (var combination : combinations) {
            list(in, index, combination, null, true, limit).forEach(d -> found.put(d.id(), d));
        }
        return List.copyOf(found.values());
    }

    /// All documents by `_id`.
    List<Document> list(Collection in, @Nullable ObjectId after, boolean ascending, int limit);

    long count(Collection in, String index, List<? extends @Nullable Object> prefix);

    long count(Collection in);

    /// A place in an index: the values of the keys after the prefix, and the id of the document there.
    record Place(List<@Nullable Object> keys, ObjectId id) {
        public Place {
            keys = java.util.Collections.unmodifiableList(new ArrayList<>(keys));
        }
    }
}
