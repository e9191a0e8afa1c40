package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;

/// Rows and messages of the queue as bytes.
final class QueueCodec {
    private QueueCodec() {}

    static byte[] key(String id, String seq) {
        return Keys.text(id + "." + seq);
    }

    static byte[] encode(QueueRow r) {
        return DocumentCodec.encode(Document.of(
                "id", r.id(),
                "seq", r.seq(),
                "recipient", r.recipient(),
                "domain", r.domain(),
                "zone", r.zone(),
                "created", r.created(),
                "due", r.due(),
                "attempts", r.attempts(),
                "firstDeferred", r.firstDeferred(),
                "lastAttempt", r.lastAttempt(),
                "lastResponse", r.lastResponse(),
                "held", r.held(),
                "lease", r.lease(),
                "leaseEnds", r.leaseEnds(),
                "details", r.details()));
    }

    static QueueRow decode(byte[] bytes) {
        var d = DocumentCodec.decode(bytes);
        return new QueueRow(
                d.string("id", ""),
                d.string("seq", ""),
                d.string("recipient", ""),
                d.string("domain", ""),
                d.string("zone", ""),
                d.instant("created").orElse(Instant.EPOCH),
                d.instant("due").orElse(Instant.EPOCH),
                (int) d.number("attempts"),
                d.instant("firstDeferred").orElse(null),
                d.instant("lastAttempt").orElse(null),
                d.string("lastResponse", ""),
                d.bool("held"),
                d.number("lease"),
                d.instant("leaseEnds").orElse(null),
                d.document("details").orElse(Document.EMPTY));
    }

    /// When the row can be claimed: due, and not under a lease.
    static Instant claimableFrom(QueueRow r) {
        var ends = r.leaseEnds();
        return ends != null && ends.isAfter(r.due()) ? ends : r.due();
    }

    static byte[] dueKey(QueueRow r) {
        return dueKey(r.zone(), claimableFrom(r), r);
    }

    static byte[] dueKey(String zone, Instant from, QueueRow r) {
        return Keys.join(duePrefix(zone, from), key(r.id(), r.seq()));
    }

    static byte[] duePrefix(String zone, @Nullable Instant from) {
        var start = Keys.text(zone + "\0");
        return from == null ? start : Keys.join(start, Keys.number(from.toEpochMilli()));
    }

    /// Place of the body, then the message.
    static byte[] encode(QueuedMessage m, Place place) {
        var document = DocumentCodec.encode(
                Document.of("id", m.id(), "sender", m.sender(), "created", m.created(), "size", m.size(), "data", m.data()));
        var out = ByteBuffer.allocate(Place.BYTES + document.length);
        place.write(out);
        return out.put(document).array();
    }

    static Place place(byte[] value) {
        return Place.read(ByteBuffer.wrap(value));
    }

    static byte[] withPlace(byte[] value, Place place) {
        var copy = value.clone();
        place.write(ByteBuffer.wrap(copy));
        return copy;
    }

    static QueuedMessage message(byte[] value) {
        var d = DocumentCodec.decode(java.util.Arrays.copyOfRange(value, Place.BYTES, value.length));
        return new QueuedMessage(
                d.string("id", ""),
                d.string("sender", ""),
                d.instant("created").orElse(Instant.EPOCH),
                d.number("size"),
                d.document("data").orElse(Document.EMPTY));
    }
}
