package org.pintail.api.rule;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a value has to be. Input comes as JSON has it (String, Number, Boolean, List, Map, null) or as bytes; text from a query string is
/// coerced to what the rule wants.
public interface Rule {
    /// The coerced value; null when the input counts as not given. What is wrong goes to `problems`, and then the result has no meaning.
    @Nullable Object check(@Nullable Object input, Place place, Problems problems);

    /// As an OpenAPI 3.1 schema.
    Map<String, Object> schema();
}
