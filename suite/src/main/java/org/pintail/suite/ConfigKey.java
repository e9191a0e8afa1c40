package org.pintail.suite;

import java.util.List;
import java.util.Locale;

/// One key of `pintail.toml`: what it takes, what holds without it, and what it is for.
///
/// @param name `section.key`
/// @param type how its text is read
/// @param initial the value without any configuration, in the same text form as `--set`; lists are separated by commas
/// @param choices the only values allowed; empty for any
/// @param help one line for people
record ConfigKey(String name, Type type, String initial, List<String> choices, String help) {
    /// Types of values. SIZE takes `25MB`, DURATION `90s`, `5m`, `2h`, `1d`.
    enum Type {
        TEXT("a text"),
        NUMBER("a whole number"),
        YES_NO("true or false"),
        SIZE("a size such as 25MB"),
        DURATION("a duration such as 90s, 5m, 2h or 1d"),
        ADDRESSES("a list of address:port"),
        TEXTS("a list of texts"),
        DURATIONS("a list of durations such as 5m");

        private final String expected;

        Type(String expected) {
            this.expected = expected;
        }

        String expected() {
            return expected;
        }

        boolean isList() {
            return this == ADDRESSES || this == TEXTS || this == DURATIONS;
        }
    }

    ConfigKey {
        choices = List.copyOf(choices);
    }

    String section() {
        return name.substring(0, name.indexOf('.'));
    }

    /// `PINTAIL_SECTION_KEY`
    String environment() {
        return "PINTAIL_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    String expected() {
        return choices.isEmpty() ? type.expected() : "one of " + String.join(", ", choices);
    }
}
