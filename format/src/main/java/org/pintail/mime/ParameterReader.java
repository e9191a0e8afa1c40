package org.pintail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.pintail.header.Charsets;
import org.pintail.header.EncodedWord;

/// Parameters with their continuations and charsets, RFC 2231 §3 and §4.
///
///     parameter = attribute ["*" section] ["*"] "=" (token / quoted-string)
final class ParameterReader {
    private static final int MAX_PARAMETERS = 100;
    private final String text;
    private int at;

    ParameterReader(String text) {
        this.text = text;
    }

    /// One value in pieces: by section number, each percent-encoded or not.
    private record Piece(String value, boolean encoded) {}

    /// What stands before the first semicolon, comments left out.
    String head() {
        var out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != ';') {
            if (text.charAt(at) == '(') {
                skipComment();
            } else {
                out.append(text.charAt(at++));
            }
        }
        return out.toString().strip();
    }

    Parameters parameters() {
        List<Parameters.Parameter> list = new ArrayList<>();
        pieces().forEach((name, sections) -> list.add(new Parameters.Parameter(name, join(name, sections))));
        return list.isEmpty() ? Parameters.NONE : new Parameters(list);
    }

    /// The value of one parameter as the bytes it stands for, when the text has a character per byte (a boundary is compared with bytes
    /// of the body); empty when it is not there.
    byte[] bytes(String parameter) {
        var bytes = new ByteArrayOutputStream();
        join(pieces().getOrDefault(parameter, new TreeMap<>()), bytes, StandardCharsets.ISO_8859_1);
        return bytes.toByteArray();
    }

    private Map<String, TreeMap<Integer, Piece>> pieces() {
        Map<String, TreeMap<Integer, Piece>> pieces = new LinkedHashMap<>();
        for (int count = 0; at < text.length() && count < MAX_PARAMETERS; count++) {
            at++;
            var name = name();
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                add(pieces, name, value());
            }
            while (at < text.length() && text.charAt(at) != ';') {
                at++;
            }
        }
        return pieces;
    }

    private String name() {
        int from = at;
        while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
            at++;
        }
        return text.substring(from, at).strip().toLowerCase(Locale.ROOT);
    }

    private String value() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != ';') {
            at++;
        }
        var token = text.substring(from, at).strip();
        int comment = token.indexOf(" (");
        return comment < 0 ? token : token.substring(0, comment).strip();
    }

    private String quoted() {
        var out = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            out.append(text.charAt(at++));
        }
        at++;
        return out.toString();
    }

    private void skipComment() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return;
            }
        }
    }

    private static void add(Map<String, TreeMap<Integer, Piece>> pieces, String fullName, String value) {
        boolean encoded = fullName.endsWith("*");
        var name = encoded ? fullName.substring(0, fullName.length() - 1) : fullName;
        int star = name.lastIndexOf('*');
        int section = 0;
        if (star > 0 && name.length() - star <= 4 && name.substring(star + 1).chars().allMatch(Character::isDigit) && star + 1 < name.length()) {
            section = Integer.parseInt(name.substring(star + 1));
            name = name.substring(0, star);
        }
        if (!name.isEmpty()) {
            var sections = pieces.computeIfAbsent(name, _ -> new TreeMap<>());
            // RFC 2231 §4.1: where a mailer gives both forms, the encoded one tells more.
            if (!sections.containsKey(section) || encoded) {
                sections.put(section, new Piece(value, encoded));
            }
        }
    }

    private static String join(String name, TreeMap<Integer, Piece> sections) {
        var first = sections.firstEntry().getValue();
        if (sections.size() == 1 && !first.encoded()) {
            // QUIRK: encoded words inside parameters; RFC 2047 §5 forbids, mailers do. A boundary is only bytes.
            return name.equals("boundary") ? first.value() : EncodedWord.decode(first.value());
        }
        var bytes = new ByteArrayOutputStream();
        var charset = join(sections, bytes, StandardCharsets.UTF_8);
        return Charsets.decode(bytes.toByteArray(), charset);
    }

    /// Appends the sections to `bytes`, characters that stand for themselves in the charset `plain`; returns the charset they name.
    private static String join(TreeMap<Integer, Piece> sections, ByteArrayOutputStream bytes, Charset plain) {
        var charset = "";
        for (var entry : sections.entrySet()) {
            var value = entry.getValue().value();
            if (entry.getValue().encoded()) {
                int language = value.indexOf('\'');
                int start = language < 0 ? -1 : value.indexOf('\'', language + 1);
                if (entry.getKey().equals(sections.firstKey()) && start >= 0) {
                    charset = value.substring(0, language);
                    value = value.substring(start + 1);
                }
                percentDecode(value, bytes, plain);
            } else {
                bytes.writeBytes(value.getBytes(plain));
            }
        }
        return charset;
    }

    private static void percentDecode(String value, ByteArrayOutputStream out, Charset plain) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int high = c == '%' && i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(value.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                int raw = value.codePointAt(i);
                out.writeBytes(Character.toString(raw).getBytes(plain));
                i += Character.charCount(raw) - 1;
            }
        }
    }
}
