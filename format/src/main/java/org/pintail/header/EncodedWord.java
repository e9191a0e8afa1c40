package org.pintail.header;

/// Encoded words, RFC 2047, with RFC 2231 §5 language tags.
public final class EncodedWord {
    private EncodedWord() {}

    /// `text` with every encoded word decoded; what cannot be decoded stays as it is. White space between adjacent words goes.
    public static String decode(String text) {
        throw new UnsupportedOperationException();
    }

    /// `text` as one or more encoded words (UTF-8, Q or B, whichever is shorter; at most 75 characters each, joined by CRLF SP);
    /// `text` itself where it is printable ASCII.
    public static String encode(String text) {
        throw new UnsupportedOperationException();
    }
}
