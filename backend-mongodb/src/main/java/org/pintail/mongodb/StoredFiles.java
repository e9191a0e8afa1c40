package org.pintail.mongodb;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.Documents.Place;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mime.Source;

/// The kind `storage` (files uploaded for drafts): to the suite one document with its content, here a file in the GridFS bucket
/// `storage`, with `user` and what else is known in its metadata. The file entry is written after its chunks, so a file is whole or not there.
final class StoredFiles {
    private static final String BUCKET = "storage";
    private static final List<String> KEYS = List.of("metadata.user", "filename");
    private static final List<String> OWN = List.of("_id", "filename", "contentType", "size", "created", "content");
    private final Table files;
    private final Chunks chunks;

    StoredFiles(Databases databases) {
        this.files = databases.table(BUCKET + ".files");
        this.chunks = new Chunks(databases.table(BUCKET + ".chunks"));
    }

    boolean holds(Collection collection) {
        return collection.name().equals(BUCKET);
    }

    Optional<Document> find(ObjectId id) {
        return files.first(Document.of("_id", id)).map(this::shown);
    }

    private Document shown(Document file) {
        var metadata = file.document("metadata").orElse(Document.EMPTY);
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("_id", file.id());
        shown.putAll(metadata.fields());
        shown.put("filename", file.value("filename"));
        shown.put("contentType", file.value("contentType"));
        shown.put("size", (int) file.number("length"));
        file.instant("uploadDate").ifPresent(t -> shown.put("created", t));
        try {
            var source = chunks.source(file.id(), file.number("length"), (int) file.number("chunkSize"));
            shown.put("content", Bytes.wrap(source.readAll()));
        } catch (IOException e) {
            throw new StoreException.Corrupt("file " + file.id() + " is not whole", e);
        }
        return new Document(shown);
    }

    void insert(Document document) {
        var content = document.value("content") instanceof Bytes b ? b : Bytes.EMPTY;
        try {
            if (!chunks.write(document.id(), Source.of(content.unsafeArray()))) {
                throw new StoreException.Duplicate("_id_");
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("file " + document.id() + " cannot be read", e);
        }
        files.insert(file(document, content));
    }

    private static Document file(Document document, Bytes content) {
        return Document.of(
                "_id", document.id(),
                "length", (long) content.size(),
                "chunkSize", Chunks.SIZE,
                "uploadDate", document.instant("created").orElseGet(() -> document.id().created()),
                "filename", document.value("filename"),
                "contentType", document.value("contentType"),
                "metadata", document.without(OWN.toArray(String[]::new)));
    }

    Optional<Document> update(ObjectId id, UnaryOperator<Document> change) {
        var before = find(id);
        if (before.isEmpty()) {
            return before;
        }
        var after = change.apply(before.get());
        if (after == before.get()) {
            return before;
        }
        if (!java.util.Objects.equals(after.value("content"), before.get().value("content"))) {
            throw new IllegalArgumentException("the content of a file does not change");
        }
        var fields = file(after, after.value("content") instanceof Bytes b ? b : Bytes.EMPTY).without("_id");
        return files.update(Document.of("_id", id), Document.of("$set", fields)) ? Optional.of(after) : Optional.empty();
    }

    boolean delete(ObjectId id) {
        boolean mine = files.deleteOne(Document.of("_id", id));
        chunks.delete(id);
        return mine;
    }

    List<Document> list(List<? extends @Nullable Object> prefix, @Nullable Place after, boolean ascending, int limit) {
        var filter = equal(prefix);
        var rest = KEYS.subList(prefix.size(), KEYS.size());
        if (after != null) {
            filter = Document.of("$and", List.of(filter, IndexOrder.beyond(rest, after, ascending)));
        }
        var sort = Document.EMPTY;
        for (var key : rest) {
            sort = sort.with(key, ascending ? 1 : -1);
        }
        sort = sort.with("_id", ascending ? 1 : -1);
        return files.all(new Table.Query(filter, Document.EMPTY, sort, limit)).stream().map(this::shown).toList();
    }

    List<Document> list(Document filter, boolean ascending, int limit) {
        return files.all(Table.Query.of(filter).sort("_id", ascending ? 1 : -1).limit(limit)).stream().map(this::shown).toList();
    }

    long count(List<? extends @Nullable Object> prefix) {
        return files.count(equal(prefix));
    }

    private static Document equal(List<? extends @Nullable Object> prefix) {
        var filter = Document.EMPTY;
        for (int i = 0; i < prefix.size(); i++) {
            filter = filter.with(KEYS.get(i), prefix.get(i));
        }
        return filter;
    }

}
