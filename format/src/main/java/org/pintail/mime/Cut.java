package org.pintail.mime;

import java.io.IOException;
import java.util.List;

/// A message cut for the store: a skeleton (everything but large leaf bodies) and the pieces taken out of it, in order.
/// Leaf bodies from 4 KiB upwards that are not text to be shown become pieces. base64 that encodes again to the very same bytes is
/// given decoded; everything else as it came.
public record Cut(byte[] skeletonBytes, List<Piece> pieces) {
    public Cut {
        pieces = List.copyOf(pieces);
    }

    /// `at`: where in the skeleton it belongs. `encodedSize`: its length in the message. `lineLength` > 0: stored decoded, and
    /// base64 with lines of that length and CRLF, `finalBreak` telling whether the last line ends in CRLF; 0: stored as it came.
    /// `sha256Hex`: of the stored bytes. `stored`: the bytes to keep (may be read again and again while the message source is open).
    public record Piece(
            int at, long encodedSize, int lineLength, boolean finalBreak, String sha256Hex, Source stored, String contentType) {}

    /// Cuts `message`, and proves that [Rebuilt] gives the same bytes back before it returns.
    public static Cut of(Source message, MimePart root) throws IOException {
        throw new UnsupportedOperationException();
    }
}
