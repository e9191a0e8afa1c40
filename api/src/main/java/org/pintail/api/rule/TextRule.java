package org.pintail.api.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A string. Lengths in characters, `max` 0 is no limit.
public record TextRule(
        int min,
        int max,
        boolean trim,
        boolean lower,
        boolean upper,
        boolean emptyIsAbsent,
        boolean emptyAllowed,
        boolean falseAllowed,
        @Nullable Pattern pattern,
        List<String> oneOf)
        implements Rule {
    public static final TextRule ANY =
            new TextRule(0, 0, false, false, false, false, false, false, null, List.of());

    public TextRule {
        oneOf = List.copyOf(oneOf);
    }

    public TextRule min(int n) {
        return new TextRule(n, max, trim, lower, upper, emptyIsAbsent, emptyAllowed, falseAllowed, pattern, oneOf);
    }

    public TextRule max(int n) {
        return new TextRule(min, n, trim, lower, upper, emptyIsAbsent, emptyAllowed, falseAllowed, pattern, oneOf);
    }

    public TextRule trimmed() {
        return new TextRule(min, max, true, lower, upper, emptyIsAbsent, emptyAllowed, falseAllowed, pattern, oneOf);
    }

    public TextRule lowered() {
        return new TextRule(min, max, trim, true, upper, emptyIsAbsent, emptyAllowed, falseAllowed, pattern, oneOf);
    }

    public TextRule raised() {
        return new TextRule(min, max, trim, lower, true, emptyIsAbsent, emptyAllowed, falseAllowed, pattern, oneOf);
    }

    /// `""` counts as not given.
    public TextRule orEmpty() {
        return new TextRule(min, max, trim, lower, upper, true, emptyAllowed, falseAllowed, pattern, oneOf);
    }

    /// `""` is a value.
    public TextRule withEmpty() {
        return new TextRule(min, max, trim, lower, upper, emptyIsAbsent, true, falseAllowed, pattern, oneOf);
    }

    /// `false` means `""`.
    public TextRule withFalse() {
        return new TextRule(min, max, trim, lower, upper, emptyIsAbsent, true, true, pattern, oneOf);
    }

    public TextRule like(String regex) {
        var compiled = Pattern.compile(regex);
        return new TextRule(
                min, max, trim, lower, upper, emptyIsAbsent, emptyAllowed, falseAllowed, compiled, oneOf);
    }

    public TextRule among(String... values) {
        return new TextRule(
                min, max, trim, lower, upper, emptyIsAbsent, emptyAllowed, falseAllowed, pattern, List.of(values));
    }

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        if (falseAllowed && Boolean.FALSE.equals(input)) {
            return "";
        }
        if (!(input instanceof String given)) {
            problems.add(place, "must be a string");
            return null;
        }
        if (given.isEmpty() && emptyIsAbsent) {
            return null;
        }
        var text = trim ? given.strip() : given;
        text = lower ? text.toLowerCase(Locale.ROOT) : upper ? text.toUpperCase(Locale.ROOT) : text;
        if (text.isEmpty()) {
            return empty(place, problems);
        }
        if (!oneOf.isEmpty() && !oneOf.contains(text)) {
            problems.add(place, "must be one of [" + String.join(", ", oneOf) + "]");
            return null;
        }
        checkLength(text, place, problems);
        if (pattern != null && !pattern.matcher(text).find()) {
            problems.add(place, "with value \"" + text + "\" fails to match the required pattern: /" + pattern + "/");
        }
        return text;
    }

    private @Nullable Object empty(Place place, Problems problems) {
        if (emptyAllowed) {
            return "";
        }
        if (!emptyIsAbsent) {
            problems.add(place, "is not allowed to be empty");
        }
        return null;
    }

    private void checkLength(String text, Place place, Problems problems) {
        if (min > 0 && min == max && text.length() != min) {
            problems.add(place, "length must be " + min + " characters long");
        } else if (text.length() < min) {
            problems.add(place, "length must be at least " + min + " characters long");
        } else if (max > 0 && text.length() > max) {
            problems.add(place, "length must be less than or equal to " + max + " characters long");
        }
    }

    @Override
    public Map<String, Object> schema() {
        var out = new LinkedHashMap<String, Object>();
        out.put("type", "string");
        if (min > 0) {
            out.put("minLength", min);
        }
        if (max > 0) {
            out.put("maxLength", max);
        }
        if (pattern != null) {
            out.put("pattern", pattern.pattern());
        }
        if (!oneOf.isEmpty()) {
            var values = new ArrayList<>(oneOf);
            if (emptyAllowed || emptyIsAbsent) {
                values.add("");
            }
            out.put("enum", values);
        }
        return out;
    }
}
