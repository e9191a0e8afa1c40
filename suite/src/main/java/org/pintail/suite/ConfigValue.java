package org.pintail.suite;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Texts of configuration values as what they mean. Every method throws `IllegalArgumentException` on what it cannot read.
final class ConfigValue {
    private ConfigValue() {}

    static Object read(ConfigKey key, String text) {
        var value = text.strip();
        if (!key.choices().isEmpty() && !key.choices().contains(value)) {
            throw new IllegalArgumentException(value);
        }
        return switch (key.type()) {
            case TEXT -> value;
            case NUMBER -> number(value);
            case YES_NO -> yesNo(value);
            case SIZE -> size(value);
            case DURATION -> duration(value);
            case ADDRESSES -> list(value, ConfigValue::address);
            case TEXTS -> list(value, Function.identity());
            case DURATIONS -> list(value, ConfigValue::duration);
        };
    }

    /// `a, b`, or as TOML has it: `["a", "b"]`.
    private static <T> List<T> list(String text, Function<String, T> item) {
        boolean brackets = text.startsWith("[") && text.endsWith("]") && !text.contains("]:");
        var bare = brackets ? text.substring(1, text.length() - 1) : text;
        var items = new ArrayList<T>();
        for (var part : bare.split(",", -1)) {
            var one = part.strip();
            boolean quoted = one.length() > 1 && one.startsWith("\"") && one.endsWith("\"");
            if (!one.isEmpty()) {
                items.add(item.apply(quoted ? one.substring(1, one.length() - 1) : one));
            }
        }
        return List.copyOf(items);
    }

    private static Long number(String text) {
        long n = Long.parseLong(text);
        if (n < 0) {
            throw new IllegalArgumentException(text);
        }
        return n;
    }

    private static Boolean yesNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /// `25MB`: B, KB, MB, GB, TB in powers of 1024; without a unit: bytes.
    static Long size(String text) {
        var upper = text.toUpperCase(Locale.ROOT);
        var units = List.of("KB", "MB", "GB", "TB");
        for (int i = 0; i < units.size(); i++) {
            if (upper.endsWith(units.get(i))) {
                return Math.multiplyExact(number(upper.substring(0, upper.length() - 2).strip()), 1L << 10 * (i + 1));
            }
        }
        return number(upper.endsWith("B") ? upper.substring(0, upper.length() - 1) : upper);
    }

    /// `90s`, `5m`, `2h`, `1d`, `250ms`.
    static Duration duration(String text) {
        var digits = text.chars().takeWhile(Character::isDigit).count();
        long n = number(text.substring(0, (int) digits));
        return switch (text.substring((int) digits).strip()) {
            case "ms" -> Duration.ofMillis(n);
            case "s", "" -> Duration.ofSeconds(n);
            case "m", "min" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            case "d" -> Duration.ofDays(n);
            default -> throw new IllegalArgumentException(text);
        };
    }

    /// `127.0.0.1:25`, `[::1]:25`, `localhost:25`.
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(text);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        var host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new InetSocketAddress(host, port);
    }
}
