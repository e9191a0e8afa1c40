package org.pintail.rocksdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages.Described;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Renderings;
import org.pintail.backend.StoreException;
import org.pintail.mime.Rebuilt;
import org.pintail.mime.Source;

/// Contents in segments: written once, shared by copies, put together when read.
final class Bodies {
    private static final int RENDERINGS = 3072; // bytes
    private static final int LOOKS = 4;
    static final byte CONTENT = 'c';
    static final byte ATTACHMENT = 'a';
    static final byte QUEUED = 'q';
    private final Db db;
    private final Segments bodies;
    private final Segments attachments;

    Bodies(Db db, Segments bodies, Segments attachments) {
        this.db = db;
        this.bodies = bodies;
        this.attachments = attachments;
    }

    /// A message with every byte in memory that the committer will need. `pieces`: bytes by hash, only of those not stored yet.
    record Arrival(NewMessage message, byte[] front, Map<String, byte[]> pieces) {}

    /// An attachment that was stored when the caller looked is gone.
    static final class AttachmentGone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Reads on the caller's thread what has to be written.
    Arrival prepare(NewMessage m, boolean allPieces) {
        Map<String, byte[]> pieces = new HashMap<>();
        for (var piece : m.cut().pieces()) {
            var key = java.util.HexFormat.of().parseHex(piece.sha256Hex());
            if (allPieces || db.get(Family.ATTACHMENTS, key) == null) {
                try {
                    pieces.put(piece.sha256Hex(), piece.stored().readAll());
                } catch (IOException e) {
                    throw RocksMessages.unreadable("attachment " + piece.sha256Hex(), e);
                }
            }
        }
        return new Arrival(m, BodyRecord.front(m), pieces);
    }

    /// Throws [AttachmentGone] unless each piece is stored or comes along.
    void requireAttachments(Txn txn, List<Arrival> arrivals) {
        for (var arrival : arrivals) {
            for (var piece : BodyRecord.pieces(arrival.message())) {
                if (!arrival.pieces().containsKey(piece.sha256Hex()) && txn.get(Family.ATTACHMENTS, piece.key()) == null) {
                    throw new AttachmentGone();
                }
            }
        }
    }

    /// Puts the content into the segments and returns its id.
    ObjectId store(Txn txn, Arrival arrival) {
        var m = arrival.message();
        var id = ObjectId.next();
        var pieces = BodyRecord.pieces(m);
        for (var piece : pieces) {
            storePiece(txn, piece, arrival.pieces());
        }
        var place = txn.store(
                Place.Kind.BODIES, owner(CONTENT, Keys.id(id)), arrival.front(), m.head().unsafeArray(), m.cut().skeletonBytes());
        txn.put(Family.BODIES, Keys.id(id), new BodyRecord(place, arrival.front().length, pieces).encode());
        txn.put(Family.SHARES, Keys.id(id), Keys.number(1));
        return id;
    }

    private static void storePiece(Txn txn, BodyRecord.Piece piece, Map<String, byte[]> bytes) {
        if (txn.get(Family.ATTACHMENTS, piece.key()) == null) {
            var stored = bytes.get(piece.sha256Hex());
            if (stored == null) {
                throw new AttachmentGone();
            }
            var place = txn.store(Place.Kind.ATTACHMENTS, owner(ATTACHMENT, piece.key()), stored);
            txn.put(Family.ATTACHMENTS, piece.key(), new AttachmentRecord(1, place).encode());
        } else {
            Ledger.count(txn, piece.key(), 1);
        }
    }

    static byte[] owner(byte kind, byte[] key) {
        return Keys.join(new byte[] {kind}, key);
    }

    /// Compaction may move a record between our look at its place and our look into its segment; then we look again.
    private static <T> T settled(Supplier<T> look) {
        for (int attempt = 1; ; attempt++) {
            try {
                return look.get();
            } catch (Segments.Gone e) {
                if (attempt == LOOKS) {
                    throw new StoreException.Corrupt(e.getMessage() + ", and the index still points there", e);
                }
            }
        }
    }

    private BodyRecord record(MessageRow row) {
        var value = db.get(Family.BODIES, Keys.id(row.content()));
        if (value == null) {
            throw new StoreException.Missing("message " + row.id());
        }
        return BodyRecord.decode(value);
    }

    MessageContent content(MessageRow row) {
        return settled(() -> {
            var record = record(row);
            try {
                var front = bodies.readHead(record.place(), record.frontLength());
                return BodyRecord.content(row.content(), front, db.get(Family.DETAILS, Keys.id(row.id().value())));
            } catch (IOException e) {
                throw RocksMessages.unreadable("message " + row.id(), e);
            }
        });
    }

    /// Those of the details that are named.
    Document details(MessageRow row, Set<String> names) {
        var changed = db.get(Family.DETAILS, Keys.id(row.id().value()));
        if (changed != null) {
            return DocumentCodec.decode(changed, names);
        }
        return settled(() -> {
            var record = record(row);
            try {
                return DocumentCodec.decode(BodyRecord.details(bodies.readHead(record.place(), record.frontLength())), names);
            } catch (IOException e) {
                throw RocksMessages.unreadable("message " + row.id(), e);
            }
        });
    }

    Described described(MessageRow row, Set<String> names) {
        return settled(() -> {
            var record = record(row);
            try {
                var front = bodies.readHead(record.place(), record.frontLength());
                var changed = db.get(Family.DETAILS, Keys.id(row.id().value()));
                return new Described(
                        BodyRecord.renderings(front).orElseThrow(),
                        DocumentCodec.decode(changed == null ? BodyRecord.details(front) : changed, names));
            } catch (IOException e) {
                throw RocksMessages.unreadable("message " + row.id(), e);
            }
        });
    }

    /// They stand first: one short read has them nearly always.
    Renderings renderings(MessageRow row) {
        return settled(() -> {
            var record = record(row);
            try {
                var begin = BodyRecord.renderings(bodies.readHead(record.place(), Math.min(record.frontLength(), RENDERINGS)));
                return begin.isPresent()
                        ? begin.get()
                        : BodyRecord.renderings(bodies.readHead(record.place(), record.frontLength())).orElseThrow();
            } catch (IOException e) {
                throw RocksMessages.unreadable("message " + row.id(), e);
            }
        });
    }

    Source open(MessageRow row) {
        return settled(() -> open(record(row)));
    }

    private Source open(BodyRecord record) {
        var place = record.place();
        var front = record.frontLength();
        var skeleton = source(bodies, new Place(place.segment(), place.offset() + front, place.length() - front));
        if (record.pieces().isEmpty()) {
            return skeleton;
        }
        var pieces = new ArrayList<Rebuilt.Piece>();
        for (var piece : record.pieces()) {
            pieces.add(new Rebuilt.Piece(piece.at(), piece.encodedSize(), piece.lineLength(), piece.finalBreak(), attachment(piece.key())));
        }
        return new Rebuilt(skeleton, pieces);
    }

    Source attachment(byte[] sha) {
        return findAttachment(sha)
                .orElseThrow(() -> new StoreException.Missing("attachment " + java.util.HexFormat.of().formatHex(sha)));
    }

    Optional<Source> findAttachment(byte[] sha) {
        return settled(() -> Optional.ofNullable(db.get(Family.ATTACHMENTS, sha))
                .map(value -> source(attachments, AttachmentRecord.decode(value).place())));
    }

    Optional<Source> queued(String id) {
        return settled(() ->
                Optional.ofNullable(db.get(Family.QUEUE_MESSAGES, Keys.text(id))).map(value -> source(bodies, QueueCodec.place(value))));
    }

    private static Source source(Segments segments, Place place) {
        return new SegmentSource(segments.channelFor(place.segment()), place.offset(), place.length());
    }
}
