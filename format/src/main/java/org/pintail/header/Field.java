package org.pintail.header;

/// One header field. `raw` is the field as it came (name, colon, folded value, without its final line break), one char per byte (ISO-8859-1).
public record Field(String name, String raw) {
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }

    /// The value unfolded and trimmed; bytes read as UTF-8 where they are, else as ISO-8859-1.
    public String value() {
        throw new UnsupportedOperationException();
    }

    /// The value with encoded words (RFC 2047) decoded.
    public String decoded() {
        return EncodedWord.decode(value());
    }
}
