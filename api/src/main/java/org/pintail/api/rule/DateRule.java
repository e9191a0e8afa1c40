package org.pintail.api.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.header.MailDate;

/// A point in time as an Instant: ISO 8601, a date as mail has it, or milliseconds since 1970 as a number or as digits. With `falseAllowed` also false, as Boolean.
public record DateRule(boolean falseAllowed, boolean emptyIsAbsent) implements Rule {
    private static final long MOST = 8_640_000_000_000_000L;

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        if (falseAllowed && Boolean.FALSE.equals(input)) {
            return false;
        }
        if (emptyIsAbsent && "".equals(input)) {
            return null;
        }
        var time = input instanceof String s ? parse(s.strip()) : input instanceof Number n ? ofMillis(n.longValue()) : null;
        if (time == null) {
            problems.add(place, "must be a valid date");
        }
        return time;
    }

    private static @Nullable Instant ofMillis(long millis) {
        return Math.abs(millis) > MOST ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Instant parse(String text) {
        if (text.length() > 40) {
            return null;
        }
        try {
            if (text.matches("-?\\d+")) {
                return ofMillis(Long.parseLong(text));
            }
            if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            if (text.matches(".*[A-SU-Ya-su-y]{3}.*")) { // a month has a name: RFC 5322, or IMAP's 14-Sep-2013
                return MailDate.parse(text.replaceAll("(\\d)-(\\w{3})-(\\d)", "$1 $2 $3")).map(OffsetDateTime::toInstant).orElse(null);
            }
            return text.matches(".*(?:[zZ]|[+-]\\d\\d:?\\d\\d)$")
                    ? OffsetDateTime.parse(text.replace(' ', 'T').replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant()
                    : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> date = Map.of("type", "string", "format", "date-time");
        return falseAllowed ? Map.of("oneOf", List.of(date, Map.of("type", "boolean", "enum", List.of(false)))) : date;
    }
}
