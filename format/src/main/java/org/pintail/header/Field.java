package org.pintail.header;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// One header field. `raw` is the field as it came (name, colon, folded value, without its final line break), one char per byte (ISO-8859-1).
public record Field(String name, String raw) {
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }

    /// The value unfolded and trimmed; bytes read as UTF-8 where they are, else as ISO-8859-1.
    public String value() {
        return text(unfolded());
    }

    /// The value with encoded words (RFC 2047) decoded.
    public String decoded() {
        return EncodedWord.decode(value());
    }

    /// The value without line breaks (RFC 5322 §2.2.3), trimmed, still one char per byte.
    public String unfolded() {
        int start = Math.min(raw.length(), raw.indexOf(':') + 1);
        var out = new StringBuilder(raw.length() - start);
        for (int i = start; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\r' && c != '\n') {
                out.append(c);
            }
        }
        return out.toString().strip();
    }

    private static String text(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.charAt(i) >= 0x80) {
                var raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
                try {
                    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
                } catch (CharacterCodingException e) {
                    return bytes; // not UTF-8: every byte is a character of ISO-8859-1
                }
            }
        }
        return bytes;
    }
}
