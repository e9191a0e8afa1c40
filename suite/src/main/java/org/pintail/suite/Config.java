package org.pintail.suite;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The checked configuration. Names are those of [ConfigKeys]; asking for another one is a mistake of ours.
record Config(Map<String, Object> values) {
    Config {
        values = Map.copyOf(values);
    }

    private Object value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    String text(String name) {
        return (String) value(name);
    }

    String text(String name, String otherwise) {
        var text = text(name);
        return text.isEmpty() ? otherwise : text;
    }

    long number(String name) {
        return (Long) value(name);
    }

    int count(String name) {
        return Math.toIntExact(number(name));
    }

    boolean yes(String name) {
        return (Boolean) value(name);
    }

    Duration duration(String name) {
        return (Duration) value(name);
    }

    List<InetSocketAddress> addresses(String name) {
        return ((List<?>) value(name)).stream().map(InetSocketAddress.class::cast).toList();
    }

    List<String> texts(String name) {
        return ((List<?>) value(name)).stream().map(String.class::cast).toList();
    }

    List<Duration> durations(String name) {
        return ((List<?>) value(name)).stream().map(Duration.class::cast).toList();
    }
}
