package org.pintail.api.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A list of what `item` says; `max` 0 is no limit. Text is taken for JSON or, with `commas`, for items with commas between them; with
/// `single` one value is a list of one. Items that count as not given are left out.
public record ListRule(Rule item, int max, boolean unique, boolean single, boolean commas) implements Rule {
    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        var items = items(input);
        if (items == null) {
            problems.add(place, "must be an array");
            return null;
        }
        if (max > 0 && items.size() > max) {
            problems.add(place, "must contain less than or equal to " + max + " items");
            return null;
        }
        var out = new ArrayList<Object>();
        var seen = new HashSet<Object>();
        for (int i = 0; i < items.size(); i++) {
            var value = item.check(items.get(i), place.item(i), problems);
            if (value == null) {
                continue;
            }
            if (!seen.add(value) && unique) {
                problems.add(place.item(i), "contains a duplicate value");
            }
            out.add(value);
        }
        return out;
    }

    private @Nullable List<?> items(@Nullable Object input) {
        if (input instanceof List<?> list) {
            return list;
        }
        if (input instanceof String text) {
            if (text.startsWith("[")) {
                return JsonText.parse(text) instanceof List<?> list ? list : null;
            }
            if (commas) {
                return text.isBlank() ? List.of() : List.of(text.strip().split("\\s*,\\s*", -1));
            }
        }
        return single && input != null ? List.of(input) : null;
    }

    @Override
    public Map<String, Object> schema() {
        var out = new LinkedHashMap<String, Object>();
        out.put("type", "array");
        out.put("items", item.schema());
        if (max > 0) {
            out.put("maxItems", max);
        }
        if (unique) {
            out.put("uniqueItems", true);
        }
        return out;
    }
}
