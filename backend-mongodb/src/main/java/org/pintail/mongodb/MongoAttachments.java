package org.pintail.mongodb;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Attachments;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mime.Sha256;
import org.pintail.mime.Source;

/// The GridFS bucket `attachments` (data model §6): a file per distinct encoded part, named by its SHA-256, counted by `c` and `m`.
///
/// Nobody locks. A file appears when its entry is inserted, after all its chunks; whoever writes the same content meanwhile writes the
/// same chunks, so both succeed. A file goes in three steps, each of which anybody may repeat: marked `metadata.dying` while both
/// counters are zero (from then on nobody can refer to it), chunks removed by their own ids, entry removed. Chunks are written only when
/// there is no entry, and removed only if the entry was there after they had been listed: so no collector takes a new file's chunks,
/// however long it stood still.
final class MongoAttachments implements Attachments {
    private static final int SHA_256 = 64;
    private static final int AT_ONCE = 1000;
    private static final int TRIES = 40;
    private static final int PAUSE_MS = 50;
    private static final Document ALIVE = Document.of("$exists", false);
    private final Table files;
    private final Table chunkTable;
    private final Chunks chunks;
    private final Duration helping;
    private final Clock clock;
    private final Map<ObjectId, Long> dyingSince = new ConcurrentHashMap<>();

    /// A part to be kept: `id` the SHA-256 of `encoded`, the part as it stands in the message. `stored` is what is kept: the same, or (when
    /// `lineLength` > 0) what its base64 decodes to. `contentHash` of `stored`.
    record Part(
            Bytes id,
            Source encoded,
            Source stored,
            String contentHash,
            String contentType,
            String transferEncoding,
            int lineLength) {}

    MongoAttachments(Databases databases, Duration helping, Clock clock) {
        this.files = databases.table("attachments.files");
        this.chunkTable = databases.table("attachments.chunks");
        this.chunks = new Chunks(chunkTable);
        this.helping = helping;
        this.clock = clock;
    }

    /// Keeps a part, or counts one more reference to it, and tells under which id. That is another than the hash where a file of that name
    /// would not give the same bytes back (WildDuck decodes base64 that it cannot encode again).
    Bytes keep(Part part, int magic) {
        try {
            for (int i = 0; i < TRIES; i++) {
                var there = refer(part.id(), magic, 1);
                if (there.isPresent() && dying(there.get()).isEmpty()) {
                    if (gives(there.get(), part)) {
                        return part.id();
                    }
                    release(part.id(), magic, 1);
                    return keep(exact(part), magic);
                }
                if (there.isPresent()) {
                    release(part.id(), magic, 1);
                    pauseFor(part.id(), there.get());
                } else if (!chunks.write(part.id(), part.stored())) {
                    return keep(exact(part), magic);
                } else if (inserted(part, magic)) {
                    return part.id();
                }
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("attachment " + part.id().hex() + " cannot be read", e);
        }
        throw new StoreException.Unavailable("attachment " + part.id().hex() + " is being removed");
    }

    /// The entry with so many more references. One that is dying does not keep them.
    private Optional<Document> refer(Bytes id, int magic, int times) {
        var counts = Document.of("metadata.c", times, "metadata.m", (long) magic * times);
        return files.change(
                Document.of("_id", id), Document.of("$inc", counts, "$set", Document.of("metadata.cu", clock.instant())));
    }

    private static Optional<ObjectId> dying(Document file) {
        return file.document("metadata").flatMap(m -> m.objectId("dying"));
    }

    private static boolean gives(Document file, Part part) {
        var m = file.document("metadata").orElse(Document.EMPTY);
        int lineLength = m.bool("decoded") ? (int) m.number("lineLen") : 0;
        return lineLength == part.lineLength() && file.number("length") == part.stored().size();
    }

    /// The part as it came, under an id that cannot be the hash of another part.
    private static Part exact(Part part) {
        var digest = Sha256.digest();
        digest.update(part.id().unsafeArray());
        digest.update((byte) 1);
        try {
            var hash = Base64.getEncoder().encodeToString(Sha256.of(part.encoded()));
            return new Part(
                    Bytes.wrap(digest.digest()), part.encoded(), part.encoded(), hash, part.contentType(), part.transferEncoding(), 0);
        } catch (IOException e) {
            throw new StoreException.Unavailable("attachment " + part.id().hex() + " cannot be read", e);
        }
    }

    private boolean inserted(Part part, int magic) {
        try {
            files.insert(file(part, magic));
            return true;
        } catch (StoreException.Duplicate meanwhile) {
            return false;
        }
    }

    private Document file(Part part, int magic) {
        var metadata = Document.of(
                "c", 1,
                "m", magic,
                "cu", clock.instant(),
                "esize", part.encoded().size(),
                "transferEncoding", part.transferEncoding(),
                "fileContentHash", part.contentHash());
        if (part.lineLength() > 0) {
            metadata = metadata.with("decoded", true).with("lineLen", part.lineLength());
        }
        return Document.of(
                "_id", part.id(),
                "length", part.stored().size(),
                "chunkSize", Chunks.SIZE,
                "uploadDate", clock.instant(),
                "filename", null,
                "contentType", part.contentType(),
                "metadata", metadata);
    }

    /// Somebody removes the file just now: waits a little, and finishes a removal that stands still.
    private void pauseFor(Bytes id, Document file) {
        var token = dying(file);
        if (token.isPresent()) {
            long since = dyingSince.computeIfAbsent(token.get(), _ -> System.nanoTime());
            if (System.nanoTime() - since > helping.toNanos()) {
                bury(id, token.get());
                return;
            }
        }
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable("interrupted", e);
        }
    }

    /// Counts references of one more message that has these parts, each as often as it is named.
    void share(List<Bytes> ids, int magic) {
        counted(ids).forEach((id, times) -> {
            if (refer(id, magic, times).filter(f -> dying(f).isEmpty()).isEmpty()) {
                throw new StoreException.Corrupt("attachment " + id.hex() + " is not there");
            }
        });
    }

    /// Takes the references of one message back. Called once per message, by whoever removed it.
    void release(List<Bytes> ids, int magic) {
        counted(ids).forEach((id, times) -> release(id, magic, times));
    }

    private void release(Bytes id, int magic, int times) {
        var counts = Document.of("metadata.c", -times, "metadata.m", -(long) magic * times);
        files.updateOnce(
                Document.of("_id", id), Document.of("$inc", counts, "$set", Document.of("metadata.cu", clock.instant())));
    }

    private static Map<Bytes, Integer> counted(List<Bytes> ids) {
        var counted = new LinkedHashMap<Bytes, Integer>();
        ids.forEach(id -> counted.merge(id, 1, Integer::sum));
        return counted;
    }

    /// The entry of a file.
    Optional<Document> file(Bytes id) {
        return files.first(Document.of("_id", id));
    }

    /// The stored bytes of a file whose length is known.
    Source source(Bytes id, long length) {
        return chunks.source(id, length, Chunks.SIZE);
    }

    Source source(Document file) {
        var id = file.value("_id");
        if (!(id instanceof Bytes) && !(id instanceof ObjectId)) {
            throw new StoreException.Corrupt("an attachment without id");
        }
        return chunks.source(id, file.number("length"), (int) file.number("chunkSize"));
    }

    @Override
    public Optional<Source> open(String sha256Hex) {
        return found(sha256Hex).stream().findFirst().map(this::source);
    }

    @Override
    public long references(String sha256Hex) {
        return found(sha256Hex).stream()
                .mapToLong(f -> f.document("metadata").orElse(Document.EMPTY).number("c"))
                .sum();
    }

    /// Files whose stored bytes have this hash: usually one, more when the same bytes came in different lines.
    private List<Document> found(String sha256Hex) {
        if (sha256Hex.length() != SHA_256 || !sha256Hex.chars().allMatch(HexFormat::isHexDigit)) {
            return List.of();
        }
        var hash = HexFormat.of().parseHex(sha256Hex);
        var byContent = files.all(Table.Query.of(
                Document.of("metadata.fileContentHash", Base64.getEncoder().encodeToString(hash), "metadata.dying", ALIVE)));
        return byContent.isEmpty()
                ? files.all(Table.Query.of(Document.of("_id", Bytes.wrap(hash), "metadata.dying", ALIVE)))
                : byContent;
    }

    @Override
    public int collect() {
        return collect(Document.EMPTY);
    }

    /// As [#collect], only what nobody touched for so long.
    int collect(Duration untouched) {
        return collect(Document.of("metadata.cu", Document.of("$not", Document.of("$gte", clock.instant().minus(untouched)))));
    }

    private int collect(Document more) {
        int removed = 0;
        var filter = Document.of("metadata.c", 0, "metadata.m", 0).with(more);
        List<Document> page;
        do {
            page = files.all(Table.Query.of(filter).fields("metadata.dying").limit(AT_ONCE));
            int before = removed;
            for (var file : page) {
                removed += remove(file) ? 1 : 0;
            }
            if (removed == before) {
                break;
            }
        } while (page.size() == AT_ONCE);
        return removed;
    }

    private boolean remove(Document file) {
        var id = file.value("_id");
        var dying = dying(file);
        if (id == null) {
            return false;
        }
        if (dying.isPresent()) {
            bury(id, dying.get());
            return true;
        }
        var token = ObjectId.next();
        var marked = files.change(
                Document.of("_id", id, "metadata.c", 0, "metadata.m", 0, "metadata.dying", ALIVE),
                Document.of("$set", Document.of("metadata.dying", token)));
        if (marked.isEmpty()) {
            return false;
        }
        bury(id, token);
        return true;
    }

    private void bury(Object id, ObjectId token) {
        var entry = Document.of("_id", id, "metadata.dying", token);
        var ids = chunkTable.all(Table.Query.of(Document.of("files_id", id)).fields("_id")).stream().map(d -> d.value("_id")).toList();
        if (!ids.isEmpty() && files.first(Table.Query.of(entry).fields("_id")).isPresent()) {
            chunkTable.deleteAll(Document.of("files_id", id, "_id", Document.of("$in", ids)));
        }
        files.deleteOne(entry);
        dyingSince.remove(token);
    }

    @Override
    public long count() {
        return files.count(Document.EMPTY);
    }

    /// Sets the counters of one file to what was counted, if they are still what they were. For repairs.
    boolean correct(Document file, long c, long m) {
        var before = file.document("metadata").orElse(Document.EMPTY);
        @Nullable Object id = file.value("_id");
        return files.update(
                Document.of("_id", id, "metadata.c", before.value("c"), "metadata.m", before.value("m")),
                Document.of("$set", Document.of("metadata.c", c, "metadata.m", m)));
    }

    Table files() {
        return files;
    }
}
