package org.pintail.api.rule;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object, or the JSON of one, kept as the text of that JSON, at most 1 MiB.
public record MetaRule() implements Rule {
    private static final int MAX = 1 << 20;

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        if (input instanceof String text && text.isBlank()) {
            return null;
        }
        var value = input instanceof String text ? JsonText.parse(text) : input;
        if (!(value instanceof Map<?, ?>)) {
            problems.add(place, "must be an object or the JSON of an object");
            return null;
        }
        var json = input instanceof String text ? text.strip() : JsonText.MAPPER.writeValueAsString(value);
        if (json.length() > MAX) {
            problems.add(place, "must be less than or equal to " + MAX + " characters of JSON");
        }
        return json;
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("type", "object");
    }
}
