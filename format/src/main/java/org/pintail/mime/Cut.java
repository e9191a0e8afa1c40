package org.pintail.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A message cut for the store: a skeleton (everything but large leaf bodies) and the pieces taken out of it, in order.
/// Leaf bodies from 4 KiB upwards that are not text to be shown become pieces. base64 that encodes again to the very same bytes is
/// given decoded; everything else as it came. `root` is the tree of the whole message.
public record Cut(byte[] skeletonBytes, List<Piece> pieces, MimePart root) {
    private static final int SMALLEST_PIECE = 4096;
    private static final int LARGEST_INLINE_TEXT = 300 * 1024;
    private static final int MAX_LINE = 996;

    public Cut {
        pieces = List.copyOf(pieces);
    }

    /// `at`: where in the skeleton it belongs. `encodedSize`: its length in the message. `lineLength` > 0: stored decoded, and
    /// base64 with lines of that length and CRLF, `finalBreak` telling whether the last line ends in CRLF; 0: stored as it came.
    /// `sha256Hex`: of the stored bytes; `encodedSha256Hex`: as they stood in the message. `stored`: the bytes to keep (may be read again
    /// and again while the message source is open).
    public record Piece(
            int at,
            long encodedSize,
            int lineLength,
            boolean finalBreak,
            String sha256Hex,
            String encodedSha256Hex,
            Source stored,
            String contentType) {}

    /// The message as it was.
    public Source whole() {
        var skeleton = Source.of(skeletonBytes);
        return pieces.isEmpty()
                ? skeleton
                : new Rebuilt(skeleton, pieces.stream()
                        .map(p -> new Rebuilt.Piece(p.at(), p.encodedSize(), p.lineLength(), p.finalBreak(), p.stored()))
                        .toList());
    }

    /// The piece that begins at this place of the message.
    public Optional<Piece> pieceAt(long start) {
        long before = 0;
        for (var piece : pieces) {
            if (before + piece.at() == start) {
                return Optional.of(piece);
            }
            before += piece.encodedSize();
        }
        return Optional.empty();
    }

    /// Cuts `message`, and proves that [Rebuilt] gives the same bytes back before it returns.
    public static Cut of(Source message, MimePart root) throws IOException {
        var leaves = new ArrayList<MimePart>();
        collect(root, leaves);
        if (leaves.isEmpty()) {
            return new Cut(message.readAll(), List.of(), root);
        }
        var pieces = new ArrayList<Piece>();
        var skeleton = new java.io.ByteArrayOutputStream();
        long from = 0;
        for (var leaf : leaves) {
            copy(message, from, leaf.bodyStart(), skeleton);
            pieces.add(piece(message.slice(leaf.bodyStart(), leaf.bodySize()), leaf, skeleton.size()));
            from = leaf.bodyEnd();
        }
        copy(message, from, message.size(), skeleton);
        return new Cut(skeleton.toByteArray(), pieces, root);
    }

    private static void copy(Source message, long from, long to, java.io.OutputStream out) throws IOException {
        try (var in = message.open(from, to - from)) {
            in.transferTo(out);
        }
    }

    private static void collect(MimePart part, List<MimePart> leaves) {
        if (part.message() != null) {
            collect(part.message(), leaves);
        } else if (!part.children().isEmpty()) {
            part.children().forEach(child -> collect(child, leaves));
        } else if (part.bodySize() >= SMALLEST_PIECE && !shownInline(part)) {
            leaves.add(part);
        }
    }

    private static boolean shownInline(MimePart part) {
        boolean attached = part.disposition() != null && !part.disposition().equals("inline");
        boolean text = part.isText() && (part.subtype().equals("plain") || part.subtype().equals("html"));
        return part.number().isEmpty() && !part.encoding().equals("base64") && !attached && part.bodySize() <= LARGEST_INLINE_TEXT
                || text && !attached && part.bodySize() <= LARGEST_INLINE_TEXT;
    }

    private static Piece piece(Source body, MimePart part, int at) throws IOException {
        var type = part.type() + "/" + part.subtype();
        var encoded = sha256(body);
        if (part.encoding().equals("base64")) {
            int lineLength = firstLine(body);
            boolean finalBreak = endsInBreak(body);
            if (lineLength > 0) {
                var decoded = DecodedBase64.of(body);
                var again = new Base64Lines(decoded, lineLength, finalBreak);
                if (again.hasBytesOf(body)) {
                    return new Piece(at, body.size(), lineLength, finalBreak, sha256(decoded), encoded, decoded, type);
                }
            }
        }
        return new Piece(at, body.size(), 0, false, encoded, encoded, body, type);
    }

    /// Length of the first base64 line, 0 if it is none that we could write again: a multiple of 4 up to 996, ended by CRLF.
    private static int firstLine(Source body) throws IOException {
        var head = body.read(0, MAX_LINE + 2);
        for (int i = 0; i < head.length - 1; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n') {
                return i % 4 == 0 ? i : 0;
            }
        }
        return 0;
    }

    private static boolean endsInBreak(Source body) throws IOException {
        return Arrays.equals(body.read(body.size() - 2, 2), new byte[] {'\r', '\n'});
    }

    private static String sha256(Source source) throws IOException {
        return HexFormat.of().formatHex(Sha256.of(source));
    }
}
