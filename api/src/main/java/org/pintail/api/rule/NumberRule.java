package org.pintail.api.rule;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A number within a range, as a Long (fractions are cut off). Text of digits is a number.
public record NumberRule(long min, long max, boolean emptyIsAbsent) implements Rule {
    private static final long SAFE = (1L << 53) - 1;

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        if (emptyIsAbsent && "".equals(input)) {
            return null;
        }
        var number = number(input);
        if (number == null) {
            problems.add(place, "must be a number");
            return null;
        }
        if (number.abs().compareTo(BigDecimal.valueOf(SAFE)) > 0) {
            problems.add(place, "must be a safe number");
            return null;
        }
        if (number.compareTo(BigDecimal.valueOf(min)) < 0) {
            problems.add(place, "must be greater than or equal to " + min);
        } else if (number.compareTo(BigDecimal.valueOf(max)) > 0) {
            problems.add(place, "must be less than or equal to " + max);
        }
        return number.longValue();
    }

    private static @Nullable BigDecimal number(@Nullable Object input) {
        if (!(input instanceof Number) && !(input instanceof String)) {
            return null;
        }
        var text = input.toString().strip();
        if (text.length() > 32) {
            return null;
        }
        try {
            var number = new BigDecimal(text);
            return number.scale() < -20 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public Map<String, Object> schema() {
        var out = new LinkedHashMap<String, Object>();
        out.put("type", "number");
        if (min > Long.MIN_VALUE) {
            out.put("minimum", min);
        }
        if (max < Long.MAX_VALUE) {
            out.put("maximum", max);
        }
        return out;
    }
}
