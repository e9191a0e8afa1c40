package org.pintail.dkim;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The quoting of values in tags.
///
///     dkim-quoted-printable = *( FWS / hex-octet / dkim-safe-char ) — RFC 6376 §2.11
final class QuotedText {
    private QuotedText() {}

    /// One char per byte in and out; what is no escape stays.
    static String decode(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = c == '=' && i + 2 < text.length() ? hex(text.charAt(i + 1), text.charAt(i + 2)) : -1;
            if (value >= 0) {
                out.append((char) value);
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int hex(char a, char b) {
        int high = Character.digit(a, 16);
        int low = Character.digit(b, 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /// `text` has one char per byte; "|" is escaped as well, for `z=`.
    static String encode(String text) {
        var out = new StringBuilder(text.length() + 8);
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            char c = (char) (b & 0xff);
            boolean safe = c > 0x20 && c < 0x7f && c != ';' && c != '=' && c != '|';
            out.append(safe ? String.valueOf(c) : String.format(Locale.ROOT, "=%02X", (int) c));
        }
        return out.toString();
    }
}
