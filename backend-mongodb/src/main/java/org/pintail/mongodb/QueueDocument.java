package org.pintail.mongodb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.mime.Source;

/// Rows and messages of the queue as ZoneMTA keeps them (outbound-mta §3): a row per recipient in `zone-queue`; the header of the message in
/// the metadata of its file in `mail.files`, the body in the file. Under `pintail` stands what ZoneMTA has no field for.
final class QueueDocument {
    private static final int MOST_HEADER = 1 << 20;
    private static final int ID_DIGITS = 18;
    private static final List<String> OWN = List.of(
            "_id", "id", "seq", "recipient", "domain", "sendingZone", "created", "queued", "locked", "lockTime", "assigned", "_deferred",
            "pintail");

    private QueueDocument() {}

    /// The id of the file of a message: derived from the message's, so that no message is queued twice.
    static ObjectId fileId(String id) {
        return objectId(id, 0);
    }

    private static ObjectId objectId(String id, int number) {
        if (id.length() != ID_DIGITS || ObjectId.parse(id + "000000").isEmpty()) {
            throw new IllegalArgumentException("the id of a queued message has 18 hexadecimal digits, not " + id);
        }
        return ObjectId.of(id + "%06x".formatted(number));
    }

    /// A new row, staged: nobody may claim it before its message is whole.
    static Document staged(QueueRow r, @Nullable String with, Instant now) {
        var pintail = Document.of("due", r.due(), "attempts", r.attempts(), "held", r.held(), "lease", 0L, "with", with);
        return Document.of(
                        "_id", objectId(r.id(), Integer.parseInt(r.seq(), 16)),
                        "id", r.id(),
                        "seq", r.seq(),
                        "domain", r.domain(),
                        "sendingZone", r.zone(),
                        "recipient", r.recipient(),
                        "locked", true,
                        "lockTime", now.toEpochMilli(),
                        "assigned", "staged",
                        "queued", r.due(),
                        "created", r.created())
                .with(r.details())
                .with(deferred(r))
                .with("pintail", pintail);
    }

    /// What happened to a row so far, where it comes from another store.
    private static Document deferred(QueueRow r) {
        if (r.attempts() == 0 && r.firstDeferred() == null && r.lastResponse().isEmpty()) {
            return Document.EMPTY;
        }
        return Document.of("_deferred", Document.of(
                "first", millis(r.firstDeferred()), "count", r.attempts(), "last", millis(r.lastAttempt()), "next", r.due().toEpochMilli(),
                "response", r.lastResponse()));
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }

    static QueueRow row(Document d) {
        var pintail = RowDocument.pintail(d);
        var deferred = d.document("_deferred").orElse(Document.EMPTY);
        var queued = d.instant("queued").orElse(Instant.EPOCH);
        return new QueueRow(
                d.string("id", ""),
                d.string("seq", ""),
                d.string("recipient", ""),
                d.string("domain", ""),
                d.string("sendingZone", ""),
                d.instant("created").orElse(queued),
                pintail.instant("due").orElse(queued),
                (int) (deferred.has("count") ? deferred.number("count") : pintail.number("attempts")),
                time(deferred, "first"),
                time(deferred, "last"),
                deferred.string("response", ""),
                pintail.bool("held"),
                pintail.number("lease"),
                pintail.instant("leaseEnds").orElse(null),
                d.without(OWN.toArray(String[]::new)));
    }

    private static @Nullable Instant time(Document d, String name) {
        return d.has(name) && d.value(name) != null ? Instant.ofEpochMilli(d.number(name)) : null;
    }

    /// A message cut where its header ends, and its file entry.
    record File(Document entry, Source body) {}

    static File file(QueuedMessage m, Source whole, @Nullable String with, Instant now) throws IOException {
        var head = head(whole);
        var body = whole.slice(head.length, whole.size() - head.length);
        var lines = lines(head);
        var added = new LinkedHashMap<String, @Nullable Object>();
        added.put("id", m.id());
        added.put("from", m.sender());
        added.put("time", m.created().toEpochMilli());
        added.put("headers", lines);
        added.put("bodySize", body.size());
        m.data().fields().keySet().forEach(added::remove);
        var pintail = Document.of("size", m.size(), "sender", m.sender(), "added", List.copyOf(added.keySet()), "with", with);
        if (!Arrays.equals(join(lines), head)) {
            pintail = pintail.with("head", Bytes.wrap(head));
        }
        var metadata = Document.of("created", m.created(), "data", new Document(added).with(m.data()), "pintail", pintail);
        return new File(
                Document.of(
                        "_id", fileId(m.id()),
                        "length", body.size(),
                        "chunkSize", Chunks.SIZE,
                        "uploadDate", now,
                        "filename", "message " + m.id(),
                        "contentType", "message/rfc822",
                        "metadata", metadata),
                body);
    }

    /// Up to and including the empty line; nothing when there is none within bounds.
    private static byte[] head(Source whole) throws IOException {
        var start = whole.read(0, MOST_HEADER);
        for (int i = 3; i < start.length; i++) {
            if (start[i] == '\n' && start[i - 1] == '\r' && start[i - 2] == '\n' && start[i - 3] == '\r') {
                return Arrays.copyOf(start, i + 1);
            }
        }
        return new byte[0];
    }

    private static List<Document> lines(byte[] head) {
        var out = new ArrayList<Document>();
        var text = new String(head, StandardCharsets.ISO_8859_1);
        int start = 0;
        for (int end = text.indexOf("\r\n"); end > start; end = text.indexOf("\r\n", start)) {
            int stop = end;
            while (text.startsWith(" ", stop + 2) || text.startsWith("\t", stop + 2)) {
                stop = text.indexOf("\r\n", stop + 2);
            }
            var line = text.substring(start, stop);
            int colon = line.indexOf(':');
            var key = colon < 0 ? line : line.substring(0, colon);
            out.add(Document.of("key", key.strip().toLowerCase(java.util.Locale.ROOT), "line", line));
            start = stop + 2;
        }
        return out;
    }

    /// As ZoneMTA writes it when it sends.
    private static byte[] join(List<Document> lines) {
        var text = new StringBuilder();
        lines.forEach(l -> text.append(l.string("line", "")).append("\r\n"));
        return (lines.isEmpty() ? "" : text.append("\r\n").toString()).getBytes(StandardCharsets.ISO_8859_1);
    }

    static QueuedMessage message(Document file) {
        var metadata = file.document("metadata").orElse(Document.EMPTY);
        var pintail = metadata.document("pintail").orElse(Document.EMPTY);
        var data = metadata.document("data").orElse(Document.EMPTY);
        var id = data.string("id").orElseGet(() -> file.string("filename", "").replace("message ", ""));
        long size = pintail.has("size") ? pintail.number("size") : head(metadata).length + file.number("length");
        var added = pintail.has("added") ? pintail.strings("added") : List.of("headers");
        return new QueuedMessage(
                pintail.has("sender") ? idOf(file, id) : id,
                pintail.string("sender").orElseGet(() -> data.string("from", "")),
                metadata.instant("created").orElseGet(() -> file.instant("uploadDate").orElse(Instant.EPOCH)),
                size,
                data.without(added.toArray(String[]::new)));
    }

    private static String idOf(Document file, String otherwise) {
        var name = file.string("filename", "");
        return name.startsWith("message ") ? name.substring("message ".length()) : otherwise;
    }

    /// The header of a message as bytes.
    static byte[] head(Document metadata) {
        var pintail = metadata.document("pintail").orElse(Document.EMPTY);
        return pintail.value("head") instanceof Bytes b
                ? b.unsafeArray()
                : join(metadata.document("data").orElse(Document.EMPTY).documents("headers"));
    }
}
