package org.pintail.api.table;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object being put together: fields keep their order, null is a real null.
public final class Shape {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /// Begins an answer that says yes.
    public static Shape success() {
        return new Shape().put("success", true);
    }

    public Shape put(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    /// Leaves the field out where there is no value.
    public Shape given(String name, @Nullable Object value) {
        return value == null ? this : put(name, value);
    }

    public Shape when(boolean condition, String name, @Nullable Object value) {
        return condition ? put(name, value) : this;
    }

    public Map<String, @Nullable Object> fields() {
        return fields;
    }

    public Answer as(int status) {
        return new Answer.Json(status, fields);
    }

    public Answer ok() {
        return as(200);
    }
}
