package org.pintail.suite;

import java.util.List;

/// The configuration cannot be used. Each problem names key, value and what would be right.
final class ConfigError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> problems;

    ConfigError(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    ConfigError(String problem) {
        this(List.of(problem));
    }

    List<String> problems() {
        return problems;
    }
}
