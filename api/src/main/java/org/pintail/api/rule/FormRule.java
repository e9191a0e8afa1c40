package org.pintail.api.rule;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A string read by `read`; `what` says what was expected: `must be a valid email`.
public record FormRule(TextRule text, Function<String, Optional<?>> read, String what, String format) implements Rule {
    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        int before = problems.count();
        if (!(text.check(input, place, problems) instanceof String s) || s.isEmpty() || problems.count() > before) {
            return null;
        }
        var value = read.apply(s);
        if (value.isEmpty()) {
            problems.add(place, what);
            return null;
        }
        return value.get();
    }

    @Override
    public Map<String, Object> schema() {
        var out = text.schema();
        out.put("format", format);
        return out;
    }
}
