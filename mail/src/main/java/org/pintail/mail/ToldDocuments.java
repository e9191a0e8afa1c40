package org.pintail.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// The documents of a store, telling every node of a change where [Lookups] remembers what it read.
final class ToldDocuments implements Documents {
    private final Documents documents;
    private final Lookups lookups;

    ToldDocuments(Documents documents, Lookups lookups) {
        this.documents = documents;
        this.lookups = lookups;
    }

    @Override
    public Optional<Document> find(Collection in, ObjectId id) {
        return documents.find(in, id);
    }

    @Override
    public Optional<Document> find(Collection in, String index, @Nullable Object... key) {
        return documents.find(in, index, key);
    }

    @Override
    public void insert(Collection in, Document document) {
        documents.insert(in, document);
        if (Lookups.remembers(in)) {
            lookups.changed(in, document);
        }
    }

    @Override
    public void insertSoon(Collection in, Document document) {
        requireUntold(in);
        documents.insertSoon(in, document);
    }

    @Override
    public void amendSoon(Collection in, Document document, UnaryOperator<Document> change) {
        requireUntold(in);
        documents.amendSoon(in, document, change);
    }

    private static void requireUntold(Collection in) {
        if (Lookups.remembers(in)) {
            throw new IllegalArgumentException("documents of " + in.name() + " are told of when they are there");
        }
    }

    @Override
    public Optional<Document> update(Collection in, ObjectId id, UnaryOperator<Document> change) {
        if (!Lookups.remembers(in)) {
            return documents.update(in, id, change);
        }
        var before = new ArrayList<Document>(1);
        var after = documents.update(in, id, d -> {
            before.clear();
            before.add(d);
            return change.apply(d);
        });
        before.forEach(d -> lookups.changed(in, d));
        return after;
    }

    @Override
    public boolean delete(Collection in, ObjectId id) {
        var before = Lookups.remembers(in) ? documents.find(in, id) : Optional.<Document>empty();
        boolean deleted = documents.delete(in, id);
        before.ifPresent(d -> lookups.changed(in, d));
        return deleted;
    }

    @Override
    public List<Document> list(
            Collection in,
            String index,
            List<? extends @Nullable Object> prefix,
            @Nullable Place after,
            boolean ascending,
            int limit) {
        return documents.list(in, index, prefix, after, ascending, limit);
    }

    @Override
    public List<Document> listAny(Collection in, String index, List<? extends List<?>> choices, int limit) {
        return documents.listAny(in, index, choices, limit);
    }

    @Override
    public List<Document> list(Collection in, @Nullable ObjectId after, boolean ascending, int limit) {
        return documents.list(in, after, ascending, limit);
    }

    @Override
    public long count(Collection in, String index, List<? extends @Nullable Object> prefix) {
        return documents.count(in, index, prefix);
    }

    @Override
    public long count(Collection in) {
        return documents.count(in);
    }
}
