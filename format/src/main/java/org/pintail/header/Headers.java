package org.pintail.header;

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

    /// Fields of a block of bytes (up to and excluding the empty line). Lines end in CRLF, LF or CR; never fails.
    public static Headers parse(byte[] block) {
        throw new UnsupportedOperationException();
    }
}
