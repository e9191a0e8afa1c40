package org.pintail.api.rule;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;

/// Bytes, as [Bytes], at most `max`: a raw body, a file of a form, text (its UTF-8), or `{"type":"Buffer","data":[…]}`.
public record BytesRule(int max) implements Rule {
    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        var bytes = switch (input) {
            case Bytes b -> b;
            case String s -> Bytes.wrap(s.getBytes(StandardCharsets.UTF_8));
            case Map<?, ?> map when map.get("data") instanceof List<?> list -> ofNumbers(list);
            case null, default -> null;
        };
        if (bytes == null) {
            problems.add(place, "must be a buffer or a string");
            return null;
        }
        if (bytes.size() > max) {
            problems.add(place, "must be less than or equal to " + max + " bytes");
        }
        return bytes.size() == 0 ? null : bytes;
    }

    private static @Nullable Bytes ofNumbers(List<?> list) {
        var bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            if (!(list.get(i) instanceof Number n)) {
                return null;
            }
            bytes[i] = n.byteValue();
        }
        return Bytes.wrap(bytes);
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("type", "string", "format", "binary");
    }
}
