package org.pintail.api.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object with the named fields and, unless `others`, no other ones.
public record ObjectRule(List<Field> fields, boolean others) implements Rule {
    /// One field. `otherwise` stands in where nothing is given.
    public record Field(String name, Rule rule, boolean required, @Nullable Object otherwise) {
        public static Field of(String name, Rule rule) {
            return new Field(name, rule, false, null);
        }

        public static Field required(String name, Rule rule) {
            return new Field(name, rule, true, null);
        }
    }

    public ObjectRule {
        fields = List.copyOf(fields);
    }

    public static ObjectRule of(Field... fields) {
        return new ObjectRule(List.of(fields), false);
    }

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        var map = input instanceof String text && text.startsWith("{") ? JsonText.parse(text) : input;
        if (!(map instanceof Map<?, ?> given)) {
            problems.add(place, "must be of type object");
            return null;
        }
        var out = new LinkedHashMap<String, Object>();
        for (var field : fields) {
            var here = place.field(field.name());
            var value = given.containsKey(field.name()) ? field.rule().check(given.get(field.name()), here, problems) : null;
            if (value != null) {
                out.put(field.name(), value);
            } else if (field.otherwise() != null) {
                out.put(field.name(), field.otherwise());
            } else if (field.required() && !problems.details().containsKey(here.key())) {
                problems.add(here, "is required");
            }
        }
        if (!others) {
            for (var key : given.keySet()) {
                if (fields.stream().noneMatch(f -> f.name().equals(key))) {
                    problems.add(place.field(String.valueOf(key)), "is not allowed");
                }
            }
        }
        return out;
    }

    @Override
    public Map<String, Object> schema() {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (var field : fields) {
            properties.put(field.name(), field.rule().schema());
            if (field.required()) {
                required.add(field.name());
            }
        }
        var out = new LinkedHashMap<String, Object>();
        out.put("type", "object");
        out.put("properties", properties);
        if (!required.isEmpty()) {
            out.put("required", required);
        }
        return out;
    }
}
