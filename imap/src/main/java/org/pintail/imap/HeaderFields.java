package org.pintail.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.pintail.mime.Source;

/// HEADER.FIELDS and HEADER.FIELDS.NOT, RFC 3501 §6.4.5: the chosen fields byte for byte, in their order, and the empty line.
final class HeaderFields {
    private static final long LIMIT = 1 << 20; // bytes of one header block that are looked into

    private HeaderFields() {}

    static Source select(Source header, List<String> lowerCaseNames, boolean named) throws IOException {
        var bytes = header.read(0, LIMIT);
        var names = new HashSet<>(lowerCaseNames);
        var out = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length && !isBreak(bytes[at])) {
            int end = endOfField(bytes, at);
            if (names.contains(name(bytes, at, end)) == named) {
                out.write(bytes, at, end - at);
                if (bytes[end - 1] != '\n') {
                    out.write('\r');
                    out.write('\n');
                }
            }
            at = end;
        }
        out.write('\r');
        out.write('\n');
        return Source.of(out.toByteArray());
    }

    private static boolean isBreak(byte b) {
        return b == '\r' || b == '\n';
    }

    /// After the line break of the last line of a folded field.
    private static int endOfField(byte[] bytes, int from) {
        int at = from;
        do {
            while (at < bytes.length && bytes[at] != '\n') {
                at++;
            }
            at = Math.min(at + 1, bytes.length);
        } while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t'));
        return at;
    }

    private static String name(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != ':') {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
