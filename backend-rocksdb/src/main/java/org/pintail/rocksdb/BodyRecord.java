package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.MessageContent;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Renderings;

/// Where the parts of a stored content are. Its record in a segment holds the renderings (envelope, body structure, part map, details), then
/// head and skeleton: [#frontLength] says where the second part begins. `pieces` point into attachments.
record BodyRecord(Place place, int frontLength, List<Piece> pieces) {
    private static final int RENDERINGS = 3;

    /// As [org.pintail.mime.Rebuilt.Piece], by hash; `at` counts from the start of head and skeleton together.
    record Piece(int at, long encodedSize, int lineLength, boolean finalBreak, String sha256Hex) {
        byte[] key() {
            return HexFormat.of().parseHex(sha256Hex);
        }
    }

    BodyRecord {
        pieces = List.copyOf(pieces);
    }

    BodyRecord at(Place other) {
        return new BodyRecord(other, frontLength, pieces);
    }

    static List<Piece> pieces(NewMessage m) {
        return m.cut().pieces().stream()
                .map(p -> new Piece(p.at() + m.head().size(), p.encodedSize(), p.lineLength(), p.finalBreak(), p.sha256Hex()))
                .toList();
    }

    byte[] encode() {
        var out = ByteBuffer.allocate(Place.BYTES + 4 + 4 + pieces.size() * (4 + 8 + 4 + 1 + 32));
        place.write(out);
        out.putInt(frontLength).putInt(pieces.size());
        for (var p : pieces) {
            out.putInt(p.at()).putLong(p.encodedSize()).putInt(p.lineLength()).put((byte) (p.finalBreak() ? 1 : 0)).put(p.key());
        }
        return out.array();
    }

    static BodyRecord decode(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        var place = Place.read(in);
        int front = in.getInt();
        int count = in.getInt();
        var pieces = new ArrayList<Piece>(count);
        var sha = new byte[32];
        for (int i = 0; i < count; i++) {
            int at = in.getInt();
            long size = in.getLong();
            int line = in.getInt();
            boolean last = in.get() != 0;
            in.get(sha);
            pieces.add(new Piece(at, size, line, last, HexFormat.of().formatHex(sha)));
        }
        return new BodyRecord(place, front, pieces);
    }

    /// The renderings of a message as the front of its record.
    static byte[] front(NewMessage m) {
        var details = DocumentCodec.encode(m.details());
        var out = ByteBuffer.allocate(12 + m.envelope().size() + m.bodyStructure().size() + m.partMap().size() + details.length);
        put(out, m.envelope());
        put(out, m.bodyStructure());
        put(out, m.partMap());
        return out.put(details).array();
    }

    private static void put(ByteBuffer out, Bytes bytes) {
        out.putInt(bytes.size()).put(bytes.unsafeArray());
    }

    /// What `front` begins with; empty when more of it is needed.
    static Optional<Renderings> renderings(byte[] front) {
        int at = 0;
        for (int i = 0; i < RENDERINGS; i++) {
            if (at + Integer.BYTES > front.length) {
                return Optional.empty();
            }
            at += Integer.BYTES + ByteBuffer.wrap(front, at, Integer.BYTES).getInt();
        }
        if (at > front.length) {
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(front);
        return Optional.of(new Renderings(take(in), take(in), take(in)));
    }

    static MessageContent content(ObjectId id, byte[] front, byte @org.jspecify.annotations.Nullable [] changedDetails) {
        var in = ByteBuffer.wrap(front);
        var envelope = take(in);
        var structure = take(in);
        var map = take(in);
        Document details;
        if (changedDetails == null) {
            var rest = new byte[in.remaining()];
            in.get(rest);
            details = DocumentCodec.decode(rest);
        } else {
            details = DocumentCodec.decode(changedDetails);
        }
        return new MessageContent(id, envelope, structure, map, details);
    }

    /// What `front` ends with.
    static byte[] details(byte[] front) {
        int at = 0;
        for (int i = 0; i < RENDERINGS; i++) {
            at += Integer.BYTES + ByteBuffer.wrap(front, at, Integer.BYTES).getInt();
        }
        return Arrays.copyOfRange(front, at, front.length);
    }

    private static Bytes take(ByteBuffer in) {
        var bytes = new byte[in.getInt()];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }

}
