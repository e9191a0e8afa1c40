package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;

/// A section of a message, RFC 3501 §6.4.5, cut out by the offsets of its part.
///
///     section-spec = section-msgtext / (section-part ["." (section-msgtext / "MIME")])
///     section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"
///
/// @param number part number, "" for the message
/// @param fields lower case
/// @param from first byte wanted, -1 when no partial was asked for
record BodySection(String number, Kind kind, List<String> fields, String name, long from, long length) {
    enum Kind {
        ALL,
        HEADER,
        FIELDS,
        FIELDS_NOT,
        TEXT,
        MIME
    }

    BodySection {
        fields = List.copyOf(fields);
    }

    static BodySection of(Kind kind) {
        return new BodySection("", kind, List.of(), "", -1, Long.MAX_VALUE);
    }

    /// The message from its first byte to its last, but for a partial: no structure is needed to find it.
    boolean isWholeMessage() {
        return number.isEmpty() && kind == Kind.ALL;
    }

    BodySection part(long newFrom, long newLength) {
        return new BodySection(number, kind, fields, name, newFrom, newLength);
    }

    static BodySection parse(ImapReader in) throws IOException {
        if (in.peek() == ']') {
            return of(Kind.ALL);
        }
        var word = in.word();
        int end = 0;
        while (end < word.length() && (isDigit(word.charAt(end)) || word.charAt(end) == '.')) {
            end++;
        }
        var number = end < word.length() && end > 0 && word.charAt(end - 1) == '.'
                ? word.substring(0, end - 1)
                : word.substring(0, end);
        if (end > 0 && number.isEmpty()) {
            throw new BadCommand("Invalid section");
        }
        checkNumber(number, end == word.length() || end == 0 || word.charAt(end - 1) == '.');
        var kind =
                switch (word.substring(end)) {
                    case "" -> Kind.ALL;
                    case "HEADER" -> Kind.HEADER;
                    case "HEADER.FIELDS" -> Kind.FIELDS;
                    case "HEADER.FIELDS.NOT" -> Kind.FIELDS_NOT;
                    case "TEXT" -> Kind.TEXT;
                    case "MIME" -> Kind.MIME;
                    default -> throw new BadCommand("Invalid section");
                };
        if (kind == Kind.MIME && number.isEmpty()) {
            throw new BadCommand("Invalid section: MIME needs a part number");
        }
        if (kind != Kind.FIELDS && kind != Kind.FIELDS_NOT) {
            return new BodySection(number, kind, List.of(), word, -1, Long.MAX_VALUE);
        }
        in.sp();
        List<String> fields = in.list(in::text);
        if (fields.isEmpty()) {
            throw new BadCommand("Invalid section: no header fields");
        }
        for (var field : fields) {
            if (!field.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new BadCommand("Invalid header field name");
            }
        }
        var lower = fields.stream().map(f -> f.toLowerCase(Locale.ROOT)).toList();
        return new BodySection(number, kind, lower, word + " (" + String.join(" ", fields) + ")", -1, Long.MAX_VALUE);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// `section-part = nz-number *("." nz-number)`
    private static void checkNumber(String number, boolean dotted) {
        if (!dotted || number.startsWith(".") || number.endsWith(".") || number.contains("..")) {
            throw new BadCommand("Invalid section");
        }
        for (var one : number.split("\\.", -1)) {
            if (one.startsWith("0") || one.length() > 9) {
                throw new BadCommand("Invalid section");
            }
        }
    }

    /// The section's bytes before any partial; null when the message has no such part.
    @Nullable Source cut(Source message, MimePart root) throws IOException {
        if (isWholeMessage()) {
            return message;
        }
        if (number.isEmpty()) {
            return inMessage(message, root, message.size());
        }
        var part = root.find(number).orElse(null);
        if (part == null) {
            return null;
        }
        return switch (kind) {
            case ALL -> slice(message, part.bodyStart(), part.bodyEnd());
            case MIME -> slice(message, part.headerStart(), part.bodyStart());
            case HEADER, FIELDS, FIELDS_NOT, TEXT ->
                part.message() == null
                        ? null
                        : inMessage(message, part.message(), part.message().bodyEnd());
        };
    }

    private Source inMessage(Source message, MimePart root, long end) throws IOException {
        var header = slice(message, root.headerStart(), root.bodyStart());
        return switch (kind) {
            case HEADER -> header;
            case FIELDS -> HeaderFields.select(header, fields, true);
            case FIELDS_NOT -> HeaderFields.select(header, fields, false);
            case ALL, TEXT, MIME -> slice(message, root.bodyStart(), end);
        };
    }

    private static Source slice(Source message, long from, long to) {
        return message.slice(from, Math.max(0, to - from));
    }
}
