package org.pintail.imap.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Mailbox names on the wire, RFC 3501 §5.1.3: printable ASCII stands for itself, `&` is `&-`, everything else is UTF-16BE in base64
/// (with `,` for `/`, no padding) between `&` and `-`.
public final class ModifiedUtf7 {
    private ModifiedUtf7() {}

    /// `name` as it is written; what [#decode] reads.
    public static String encode(String name) {
        var out = new StringBuilder(name.length() + 8);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                out.append("&-");
                at++;
            } else if (isPrintable(c)) {
                out.append(c);
                at++;
            } else {
                int end = at;
                while (end < name.length() && !isPrintable(name.charAt(end))) {
                    end++;
                }
                var base64 = Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(name.substring(at, end).getBytes(StandardCharsets.UTF_16BE));
                out.append('&').append(base64.replace('/', ',')).append('-');
                at = end;
            }
        }
        return out.toString();
    }

    /// Empty when `wire` is no modified UTF-7, or holds a NUL in either form.
    public static Optional<String> decode(String wire) {
        var out = new StringBuilder(wire.length());
        int at = 0;
        while (at < wire.length()) {
            char c = wire.charAt(at);
            if (c == '\0') {
                return Optional.empty();
            }
            if (c != '&') {
                out.append(c);
                at++;
                continue;
            }
            int end = wire.indexOf('-', at);
            if (end < 0) {
                return Optional.empty();
            }
            var shifted = end == at + 1 ? Optional.of("&") : shifted(wire.substring(at + 1, end));
            if (shifted.isEmpty()) {
                return Optional.empty();
            }
            out.append(shifted.get());
            at = end + 1;
        }
        return Optional.of(out.toString());
    }

    private static Optional<String> shifted(String base64) {
        try {
            var utf16 = ByteBuffer.wrap(Base64.getDecoder().decode(base64.replace(',', '/')));
            var text = StandardCharsets.UTF_16BE.newDecoder().decode(utf16).toString();
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
        } catch (IllegalArgumentException | CharacterCodingException notUtf16InBase64) {
            return Optional.empty();
        }
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && c <= '~';
    }
}
