package org.pintail.mongodb;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.StoreException;

/// One collection. Everything here speaks [Document] and throws [StoreException]. What may be done twice without harm is tried again
/// until the deadline when the server goes away in between: so a lost primary pauses work and does not fail it.
final class Table {
    static final String WALK = "walk";
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
    private static final int FIRST_PAUSE_MS = 50;
    private static final int LONGEST_PAUSE_MS = 1000;
    private static final int SIZE_OF_BATCH = 1000;
    private final MongoCollection<RawBsonDocument> timed;
    private final MongoCollection<RawBsonDocument> watched;
    private final Deadlines deadlines;
    private final Duration patience;

    /// The collection twice: `timed` with a read time-out of the driver's, `watched` without, for virtual threads under [Deadlines].
    Table(
            MongoCollection<RawBsonDocument> timed,
            MongoCollection<RawBsonDocument> watched,
            Deadlines deadlines,
            Duration patience) {
        this.timed = timed;
        this.watched = watched;
        this.deadlines = deadlines;
        this.patience = patience;
    }

    /// What the thread that asks is to use.
    private MongoCollection<RawBsonDocument> collection() {
        return Thread.currentThread().isVirtual() ? watched : timed;
    }

    private <T extends @Nullable Object> T called(Supplier<T> work) {
        try {
            return Thread.currentThread().isVirtual() ? deadlines.within(work) : work.get();
        } catch (IllegalStateException e) { // the driver's word for a client that is closed
            throw deadlines.isClosed() ? new StoreException.Unavailable("the store is closed", e) : e;
        }
    }

    /// What a query asks for beside its filter. `limit` 0: all.
    record Query(Document filter, Document fields, Document sort, int limit) {
        static Query of(Document filter) {
            return new Query(filter, Document.EMPTY, Document.EMPTY, 0);
        }

        Query fields(String... names) {
            return new Query(filter, Wire.only(names), sort, limit);
        }

        Query sort(Object... namesAndDirections) {
            return new Query(filter, fields, Document.of(namesAndDirections), limit);
        }

        Query limit(int most) {
            return new Query(filter, fields, sort, most);
        }
    }

    Optional<Document> first(Query q) {
        var found = all(q.limit(1));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    Optional<Document> first(Document filter) {
        return first(Query.of(filter));
    }

    List<Document> all(Query q) {
        return again(() -> {
            var out = new ArrayList<Document>();
            read(collection().find(Wire.bson(q.filter())), q, out::add);
            return out;
        });
    }

    /// One after the other, without holding them all. Not tried again. For walks through whole collections; they are marked as that.
    void each(Query q, Consumer<Document> consumer) {
        repeated(() -> {
            read(timed.find(Wire.bson(q.filter())).comment(WALK), q, consumer);
            return true;
        }, Failures::isUndone);
    }

    private void read(FindIterable<RawBsonDocument> found, Query q, Consumer<Document> consumer) {
        var find = found;
        if (!q.fields().fields().isEmpty()) {
            find = find.projection(Wire.bson(q.fields()));
        }
        if (!q.sort().fields().isEmpty()) {
            find = find.sort(Wire.bson(q.sort()));
        }
        if (q.limit() > 0) {
            find = find.limit(q.limit());
        }
        try (var cursor = find.batchSize(q.limit() > 0 ? Math.min(q.limit() + 1, SIZE_OF_BATCH) : SIZE_OF_BATCH).iterator()) {
            while (cursor.hasNext()) {
                consumer.accept(Wire.document(cursor.next()));
            }
        }
    }

    List<Document> aggregate(Document... stages) {
        return again(() -> {
            var out = new ArrayList<Document>();
            try (var cursor = collection().aggregate(Wire.bson(List.of(stages))).iterator()) {
                while (cursor.hasNext()) {
                    out.add(Wire.document(cursor.next()));
                }
            }
            return out;
        });
    }

    long count(Document filter) {
        return again(() -> collection().countDocuments(Wire.bson(filter)));
    }

    /// Throws [StoreException.Duplicate]. After an answer that got lost, what is there under the same id is taken for ours.
    void insert(Document document) {
        boolean lost = false;
        for (var pauses = new Pauses();; pauses.pause()) {
            try {
                var raw = Wire.bson(document);
                called(() -> collection().insertOne(raw));
                return;
            } catch (MongoException e) {
                var told = Failures.told(e);
                if (lost && told instanceof StoreException.Duplicate d && d.index().startsWith("_id")) {
                    return;
                }
                if (!Failures.isPassing(e) || pauses.over()) {
                    throw told;
                }
                lost = true;
            }
        }
    }

    /// Inserts those whose ids are not there yet, each on its own.
    void insertMissing(List<Document> documents) {
        if (documents.isEmpty()) {
            return;
        }
        again(() -> {
            try {
                collection().insertMany(Wire.bson(documents), new InsertManyOptions().ordered(false));
            } catch (MongoBulkWriteException e) {
                if (!Failures.isDuplicate(e)) {
                    throw e;
                }
            }
            return true;
        });
    }

    /// Inserts one after the other until an id is taken; returns how many went in.
    int insertInOrder(List<Document> documents) {
        return taken(documents, true).stream().findFirst().orElse(documents.size());
    }

    /// Inserts each whose id is free, with one command. The places of those in the list whose id is taken.
    Set<Integer> insertFree(List<Document> documents) {
        return Set.copyOf(taken(documents, false));
    }

    private List<Integer> taken(List<Document> documents, boolean ordered) {
        return once(() -> {
            try {
                collection().insertMany(Wire.bson(documents), new InsertManyOptions().ordered(ordered));
                return List.of();
            } catch (MongoBulkWriteException e) {
                if (!Failures.isDuplicate(e)) {
                    throw e;
                }
                return e.getWriteErrors().stream().map(BulkWriteError::getIndex).toList();
            }
        });
    }

    /// For updates that may be made twice.
    boolean update(Document filter, Document update) {
        return again(() -> collection().updateOne(Wire.bson(filter), Wire.bson(update)).getMatchedCount() > 0);
    }

    /// For updates that count: made once, or not at all, or nobody knows (then it fails).
    boolean updateOnce(Document filter, Document update) {
        return once(() -> collection().updateOne(Wire.bson(filter), Wire.bson(update)).getMatchedCount() > 0);
    }

    void upsert(Document filter, Document update) {
        again(() -> collection().updateOne(Wire.bson(filter), Wire.bson(update), new UpdateOptions().upsert(true)));
    }

    long updateAll(Document filter, Document update) {
        return again(() -> collection().updateMany(Wire.bson(filter), Wire.bson(update)).getModifiedCount());
    }

    /// One change of many documents.
    record Change(Document filter, Document update) {}

    /// For updates that may be made twice.
    void update(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var models = models(changes);
        again(() -> collection().bulkWrite(models));
    }

    /// Each made once, or not at all, or nobody knows (then it fails): with one command. How many found their document.
    int updateEach(List<Change> changes) {
        if (changes.size() == 1) {
            return updateOnce(changes.getFirst().filter(), changes.getFirst().update()) ? 1 : 0;
        }
        return once(() -> collection().bulkWrite(models(changes), UNORDERED).getMatchedCount());
    }

    private static List<UpdateOneModel<RawBsonDocument>> models(List<Change> changes) {
        return changes.stream()
                .map(c -> new UpdateOneModel<RawBsonDocument>(Wire.bson(c.filter()), Wire.bson(c.update())))
                .toList();
    }

    /// The document before the update; for updates whose filter no longer matches after them.
    Optional<Document> take(Document filter, Document update) {
        return changed(filter, update, Document.EMPTY, ReturnDocument.BEFORE);
    }

    /// The document after the update; for updates whose filter no longer matches after them.
    Optional<Document> change(Document filter, Document update) {
        return changed(filter, update, Document.EMPTY, ReturnDocument.AFTER);
    }

    /// As [#change] for the first in an order.
    Optional<Document> changeFirst(Document filter, Document update, Document sort) {
        return changed(filter, update, sort, ReturnDocument.AFTER);
    }

    private Optional<Document> changed(Document filter, Document update, Document sort, ReturnDocument which) {
        return once(() -> {
            var options = new FindOneAndUpdateOptions().returnDocument(which);
            if (!sort.fields().isEmpty()) {
                options.sort(Wire.bson(sort));
            }
            @Nullable RawBsonDocument found = collection().findOneAndUpdate(Wire.bson(filter), Wire.bson(update), options);
            return Optional.ofNullable(found).map(Wire::document);
        });
    }

    /// True for the one caller who removed it.
    boolean deleteOne(Document filter) {
        return once(() -> collection().deleteOne(Wire.bson(filter)).getDeletedCount() > 0);
    }

    long deleteAll(Document filter) {
        return again(() -> collection().deleteMany(Wire.bson(filter)).getDeletedCount());
    }

    /// Again only where the server surely did nothing.
    private <T> T once(Supplier<T> work) {
        return tried(work, Failures::isUndone);
    }

    private <T> T again(Supplier<T> work) {
        return tried(work, Failures::isPassing);
    }

    private <T> T tried(Supplier<T> work, Predicate<MongoException> mayBeRepeated) {
        return repeated(() -> called(work), mayBeRepeated);
    }

    private <T> T repeated(Supplier<T> work, Predicate<MongoException> mayBeRepeated) {
        for (var pauses = new Pauses();; pauses.pause()) {
            try {
                return work.get();
            } catch (MongoException e) {
                if (!mayBeRepeated.test(e) || pauses.over()) {
                    throw Failures.told(e);
                }
            }
        }
    }

    /// Pauses that grow, until patience ends.
    private final class Pauses {
        private final long end = System.nanoTime() + patience.toNanos();
        private int next = FIRST_PAUSE_MS;

        boolean over() {
            return System.nanoTime() - end > 0;
        }

        void pause() {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextInt(next / 2, next));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException.Unavailable("interrupted while the database is away", e);
            }
            next = Math.min(LONGEST_PAUSE_MS, next * 2);
        }
    }
}
