package org.pintail.api.rule;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// JSON inside a string.
final class JsonText {
    static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private JsonText() {}

    /// Null where it is no JSON.
    static @Nullable Object parse(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JacksonException e) {
            return null;
        }
    }
}
