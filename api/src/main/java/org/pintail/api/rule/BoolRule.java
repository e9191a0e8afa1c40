package org.pintail.api.rule;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// true or false, also as y, yes, on, 1 and their opposites.
public record BoolRule() implements Rule {
    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        if (input instanceof Boolean b) {
            return b;
        }
        var text = input instanceof String || input instanceof Number ? input.toString().strip().toLowerCase(Locale.ROOT) : "?";
        return switch (text) {
            case "" -> null;
            case "true", "1", "y", "yes", "on" -> true;
            case "false", "0", "n", "no", "off" -> false;
            default -> {
                problems.add(place, "must be a boolean");
                yield null;
            }
        };
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("type", "boolean");
    }
}
