package org.pintail.mongodb;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.MessageContent;
import org.pintail.backend.Renderings;
import org.pintail.backend.StoreException;
import org.pintail.mime.Rebuilt;
import org.pintail.mime.Source;

/// Reads a message out of its document, whoever wrote it.
final class MessageReader {
    static final String[] TEXT = {"size", "mimeTree", "pintail.skeleton", "pintail.pieces", "pintail.void"};
    static final String[] RENDERINGS = {"pintail.envelope", "pintail.structure", "pintail.parts", "pintail.void"};
    static final String[] SHOWN = {
        "mailbox", "uid", "msgid", "subject", "intro", "text", "textFooter", "html", "attachments", "meta", "outbound", "filters",
        "verificationResults", "forwardTargets", "idate", "hdate", "ha", "magic", "pintail.content", "pintail.envelope",
        "pintail.structure", "pintail.parts", "pintail.own", "pintail.shared", "pintail.rev", "pintail.void"
    };
    private static final int BASE64_UNIT = 3;
    private static final int BASE64_CHARS = 4;
    private final MongoAttachments attachments;

    MessageReader(MongoAttachments attachments) {
        this.attachments = attachments;
    }

    static boolean isRendered(Document message) {
        return RowDocument.pintail(message).has("envelope");
    }

    static MessageContent content(Document message) {
        var p = RowDocument.pintail(message);
        return new MessageContent(
                p.objectId("content").orElse(message.id()),
                bytes(p, "envelope"),
                bytes(p, "structure"),
                bytes(p, "parts"),
                Details.of(message));
    }

    static Renderings renderings(Document message) {
        var p = RowDocument.pintail(message);
        return new Renderings(bytes(p, "envelope"), bytes(p, "structure"), bytes(p, "parts"));
    }

    private static Bytes bytes(Document d, String name) {
        return d.value(name) instanceof Bytes b ? b : Bytes.EMPTY;
    }

    /// The message byte for byte; `message` with the fields of [#TEXT].
    Source source(Document message) {
        var tree = message.document("mimeTree").orElse(Document.EMPTY);
        var pintail = RowDocument.pintail(message);
        return pintail.has("pieces") ? ours(message, tree, pintail) : theirs(message, tree);
    }

    private Source ours(Document message, Document tree, Document pintail) {
        var pieces = new ArrayList<Rebuilt.Piece>();
        long outside = 0;
        for (var p : pintail.documents("pieces")) {
            var stored = attachments.source(bytes(p, "file"), p.number("stored"));
            pieces.add(new Rebuilt.Piece((int) p.number("at"), p.number("size"), (int) p.number("line"), p.bool("break"), stored));
            outside += p.number("size");
        }
        int text = (int) (message.number("size") - outside);
        var skeleton = pintail.has("skeleton") ? bytes(pintail, "skeleton").unsafeArray() : cut(TreeText.of(tree).skeleton(), text);
        return pieces.isEmpty() ? Source.of(skeleton) : new Rebuilt(Source.of(skeleton), pieces);
    }

    private static byte[] cut(byte[] text, int length) {
        return text.length > length ? Arrays.copyOf(text, Math.max(0, length)) : text;
    }

    /// As WildDuck puts it together, cut to the size that it tells.
    private Source theirs(Document message, Document tree) {
        var text = TreeText.of(tree);
        var map = tree.document("attachmentMap").orElse(Document.EMPTY);
        var pieces = new ArrayList<Rebuilt.Piece>();
        for (var hole : text.holes()) {
            pieces.add(piece(hole, map));
        }
        var skeleton = Source.of(text.skeleton());
        var all = pieces.isEmpty() ? skeleton : new Rebuilt(skeleton, pieces);
        return all.slice(0, message.number("size"));
    }

    /// A file that is not there gives nothing, and so does one that lost what its length promises: padded, so that sizes stay true.
    private Rebuilt.Piece piece(TreeText.Hole hole, Document map) {
        var file = map.value(hole.id()) instanceof Bytes id ? attachments.file(id) : java.util.Optional.<Document>empty();
        if (file.isEmpty()) {
            return new Rebuilt.Piece(hole.at(), hole.size(), 0, false, new Padded(Source.of(new byte[0]), hole.size()));
        }
        var stored = attachments.source(file.get());
        var metadata = file.get().document("metadata").orElse(Document.EMPTY);
        int line = metadata.bool("decoded") ? (int) metadata.number("lineLen") : 0;
        if (line <= 0) {
            return new Rebuilt.Piece(hole.at(), hole.size(), 0, false, new Padded(stored, hole.size()));
        }
        long again = encoded(stored.size(), line);
        boolean finalBreak = again + 2 == hole.size();
        if (line % BASE64_CHARS == 0 && (finalBreak || again == hole.size())) {
            return new Rebuilt.Piece(hole.at(), hole.size(), line, finalBreak, stored);
        }
        var lines = new Rebuilt(Source.of(new byte[0]), List.of(new Rebuilt.Piece(0, again, line, false, stored)));
        return new Rebuilt.Piece(hole.at(), hole.size(), 0, false, new Padded(lines, hole.size()));
    }

    /// Length of `size` bytes as base64 in lines, without a break at the end.
    private static long encoded(long size, int line) {
        long chars = (size + BASE64_UNIT - 1) / BASE64_UNIT * BASE64_CHARS;
        return chars == 0 ? 0 : chars + (chars - 1) / line * 2;
    }

    /// A source cut or filled up with line breaks (and a space) to a length.
    private record Padded(Source source, long size) implements Source {
        @Override
        public InputStream open(long from, long length) throws IOException {
            if (source.size() >= size) {
                return source.slice(0, size).open(from, length);
            }
            long missing = size - source.size();
            if (missing > Integer.MAX_VALUE) {
                throw new StoreException.Corrupt("an attachment lost " + missing + " bytes");
            }
            var fill = new byte[(int) missing];
            for (int i = 0; i < fill.length; i++) {
                fill[i] = (byte) (i == fill.length - 1 && fill.length % 2 == 1 ? ' ' : i % 2 == 0 ? '\r' : '\n');
            }
            return Source.concat(source, Source.of(fill)).open(from, length);
        }
    }
}
