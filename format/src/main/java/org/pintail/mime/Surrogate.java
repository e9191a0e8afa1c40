package org.pintail.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A message in the place of one that has UTF-8 in header fields (RFC 6532), for a client that knows ASCII only (RFC 6855 §7, RFC 6858): its own
/// header and those of its parts are other ones, bodies are the same.
public final class Surrogate {
    private static final long MOST = 4L << 20;

    private Surrogate() {}

    /// The message itself where it has none. Empty where its headers are beyond 4 MiB, and have some.
    ///
    /// @param parts offsets of `message`; of headers they need nothing else ([PartMap#decode])
    public static Optional<Source> of(Source message, MimePart parts) throws IOException {
        var headers = new ArrayList<Range>();
        collect(parts, headers);
        long length = headers.stream().mapToLong(h -> h.end - h.start).sum();
        var pieces = new ArrayList<Source>();
        long at = 0;
        for (var header : headers) {
            var bytes = message.read(header.start, Math.min(header.end - header.start, MOST));
            if (!AsciiFields.anyUtf8(bytes)) {
                continue;
            }
            if (length > MOST) {
                return Optional.empty();
            }
            pieces.add(message.slice(at, header.start - at));
            pieces.add(Source.of(AsciiFields.of(bytes)));
            at = header.end;
        }
        if (pieces.isEmpty()) {
            return Optional.of(message);
        }
        pieces.add(message.slice(at, message.size() - at));
        return Optional.of(joined(pieces));
    }

    private record Range(long start, long end) {}

    private static void collect(MimePart part, List<Range> headers) {
        headers.add(new Range(part.headerStart(), part.bodyStart()));
        part.children().forEach(child -> collect(child, headers));
        var inner = part.message();
        if (inner != null) {
            collect(inner, headers);
        }
    }

    /// As a tree that is as deep as the logarithm of their number.
    private static Source joined(List<Source> pieces) {
        if (pieces.size() == 1) {
            return pieces.getFirst();
        }
        int half = pieces.size() / 2;
        return Source.concat(joined(pieces.subList(0, half)), joined(pieces.subList(half, pieces.size())));
    }
}
