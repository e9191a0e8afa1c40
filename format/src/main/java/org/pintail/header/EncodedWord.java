package org.pintail.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Encoded words, RFC 2047, with RFC 2231 §5 language tags.
///
///     encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
public final class EncodedWord {
    private static final int MAX_WORD = 75;
    private static final String HEX = "0123456789ABCDEF";
    private static final int NONE = Integer.MAX_VALUE;

    private final String text;
    /// Where the first "?=" at or after the last place asked for is: nothing is searched twice, so reading is linear in the text.
    private int nextEnd;

    private EncodedWord(String text) {
        this.text = text;
    }

    /// A decoded word: bytes stay bytes until all adjacent words of one charset are there, since mailers cut characters in two.
    private record Word(String charset, byte[] bytes, int end) {}

    /// `text` with every encoded word decoded; what cannot be decoded stays as it is. White space between adjacent words goes.
    public static String decode(String text) {
        int at = text.indexOf("=?");
        return at < 0 ? text : new EncodedWord(text).decodeFrom(at);
    }

    private String decodeFrom(int first) {
        int at = first;
        var out = new StringBuilder(text.length()).append(text, 0, at);
        while (at < text.length()) {
            var word = text.startsWith("=?", at) ? word(at) : null;
            if (word == null) {
                int next = text.indexOf("=?", at + 1);
                int stop = next < 0 ? text.length() : next;
                out.append(text, at, stop);
                at = stop;
            } else {
                at = appendRun(word, out);
            }
        }
        return out.toString();
    }

    /// Appends `first` and the words that follow it directly; returns where the run ends.
    private int appendRun(Word first, StringBuilder out) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first.bytes());
        var charset = first.charset();
        int end = first.end();
        while (true) {
            int next = end;
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            var word = text.startsWith("=?", next) ? word(next) : null;
            if (word == null) {
                out.append(Charsets.decode(bytes.toByteArray(), charset));
                return end;
            }
            if (!word.charset().equalsIgnoreCase(charset)) {
                out.append(Charsets.decode(bytes.toByteArray(), charset));
                bytes.reset();
                charset = word.charset();
            }
            bytes.writeBytes(word.bytes());
            end = word.end();
        }
    }

    private @Nullable Word word(int at) {
        int charsetEnd = text.indexOf('?', at + 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= text.length() || text.charAt(charsetEnd + 2) != '?') {
            return null;
        }
        var charset = text.substring(at + 2, charsetEnd);
        int language = charset.indexOf('*');
        if (language >= 0) {
            charset = charset.substring(0, language);
        }
        if (charset.isEmpty() || Charsets.find(charset).isEmpty()) {
            return null;
        }
        int start = charsetEnd + 3;
        return switch (text.charAt(charsetEnd + 1)) {
            case 'Q', 'q' -> {
                int end = end(start); // QUIRK: a bare "?" in the text; RFC 2047 §2 wants it encoded
                yield end < 0 ? null : new Word(charset, decodeQ(text.substring(start, end)), end + 2);
            }
            case 'B', 'b' -> {
                int end = text.indexOf('?', start);
                var bytes = end >= 0 && text.startsWith("?=", end) ? decodeB(text.substring(start, end)) : null;
                yield bytes == null ? null : new Word(charset, bytes, end + 2);
            }
            default -> null;
        };
    }

    private int end(int from) {
        if (nextEnd < from) {
            int found = text.indexOf("?=", from);
            nextEnd = found < 0 ? NONE : found;
        }
        return nextEnd == NONE ? -1 : nextEnd;
    }

    private static byte @Nullable [] decodeB(String encoded) {
        try {
            return Base64.getMimeDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            return null; // not base64: the word stays as it is
        }
    }

    private static byte[] decodeQ(String encoded) {
        var out = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '_') {
                out.write(' ');
            } else if (c == '=' && i + 2 < encoded.length() && hex(encoded, i + 1) >= 0) {
                out.write(hex(encoded, i + 1));
                i += 2;
            } else {
                int raw = encoded.codePointAt(i);
                out.writeBytes(Character.toString(raw).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(raw) - 1;
            }
        }
        return out.toByteArray();
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /// `text` as one or more encoded words (UTF-8, Q or B, whichever is shorter; at most 75 characters each, joined by CRLF SP);
    /// `text` itself where it is printable ASCII.
    public static String encode(String text) {
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f) && !text.contains("=?")) {
            return text;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int special = 0;
        for (byte b : bytes) {
            special += plainInQ(b) ? 0 : 1;
        }
        boolean useQ = bytes.length + 2 * special <= (bytes.length + 2) / 3 * 4;
        var out = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int to = fit(text, from, useQ);
            if (!out.isEmpty()) {
                out.append("\r\n ");
            }
            var part = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            out.append(useQ ? "=?UTF-8?Q?" : "=?UTF-8?B?");
            out.append(useQ ? encodeQ(part) : Base64.getEncoder().encodeToString(part)).append("?=");
            from = to;
        }
        return out.toString();
    }

    /// How far the next word reaches: whole characters, at most [#MAX_WORD] with its frame of 12.
    private static int fit(String text, int from, boolean useQ) {
        int room = MAX_WORD - 12;
        int to = from;
        int bytes = 0;
        int length = 0;
        while (to < text.length()) {
            int next = to + Character.charCount(text.codePointAt(to));
            var more = text.substring(to, next).getBytes(StandardCharsets.UTF_8);
            bytes += more.length;
            length = useQ ? length + encodeQ(more).length() : (bytes + 2) / 3 * 4;
            if (length > room && to > from) {
                return to;
            }
            to = next;
        }
        return to;
    }

    private static String encodeQ(byte[] bytes) {
        var out = new StringBuilder();
        for (byte b : bytes) {
            if (b == ' ') {
                out.append('_');
            } else if (plainInQ(b)) {
                out.append((char) b);
            } else {
                out.append('=').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return out.toString();
    }

    /// RFC 2047 §5 (3): what may stand for itself everywhere, in phrases too; and the space, which becomes "_".
    private static boolean plainInQ(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "!*+-/ ".indexOf(b) >= 0;
    }
}
