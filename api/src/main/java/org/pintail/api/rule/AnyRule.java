package org.pintail.api.rule;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Anything at all.
public record AnyRule() implements Rule {
    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        return input;
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of();
    }
}
