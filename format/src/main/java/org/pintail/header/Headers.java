package org.pintail.header;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of one header block, in order, with their raw bytes (DKIM needs them). Names compare case-insensitively.
public record Headers(List<Field> fields) {
    public static final Headers EMPTY = new Headers(List.of());

    public Headers {
        fields = List.copyOf(fields);
    }

    /// The first field of that name.
    public Optional<Field> first(String name) {
        return fields.stream().filter(f -> f.is(name)).findFirst();
    }

    public Optional<Field> last(String name) {
        return all(name).reversed().stream().findFirst();
    }

    public List<Field> all(String name) {
        return fields.stream().filter(f -> f.is(name)).toList();
    }

    /// Unfolded value of the first field of that name, trimmed, encoded words as they are.
    public Optional<String> value(String name) {
        return first(name).map(Field::value);
    }

    /// The same with encoded words decoded.
    public Optional<String> decoded(String name) {
        return first(name).map(Field::decoded);
    }

    /// Fields of a block of bytes (up to and excluding the empty line). Lines end in CRLF, LF or CR; never fails. What has no colon
    /// is taken as part of the field before it.
    public static Headers parse(byte[] block) {
        return parse(block, block.length, Integer.MAX_VALUE);
    }

    /// The first `length` bytes of `block`, at most `maxFields` fields.
    public static Headers parse(byte[] block, int length, int maxFields) {
        var fields = new ArrayList<Field>();
        int start = 0;
        while (start < length && fields.size() < maxFields) {
            int end = fieldEnd(block, start, length);
            int stop = end;
            while (stop > start && (block[stop - 1] == '\r' || block[stop - 1] == '\n')) {
                stop--;
            }
            if (stop > start) {
                fields.add(field(new String(block, start, stop - start, StandardCharsets.ISO_8859_1)));
            }
            start = end;
        }
        return fields.isEmpty() ? EMPTY : new Headers(fields);
    }

    private static Field field(String raw) {
        int colon = raw.indexOf(':');
        return new Field(colon < 0 ? "" : raw.substring(0, colon).strip(), raw);
    }

    /// The index after the line break that ends the field: the next line does not begin with white space.
    private static int fieldEnd(byte[] block, int start, int length) {
        int at = start;
        while (at < length) {
            byte b = block[at++];
            if (b == '\r' && at < length && block[at] == '\n') {
                at++;
            }
            if (b == '\r' || b == '\n') {
                if (at >= length || block[at] != ' ' && block[at] != '\t') {
                    return at;
                }
            }
        }
        return length;
    }
}
