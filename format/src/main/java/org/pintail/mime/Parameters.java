package org.pintail.mime;

import java.util.List;
import java.util.Optional;

/// Parameters of Content-Type or Content-Disposition in their order, names lower case, values decoded (RFC 2231).
public record Parameters(List<Parameter> list) {
    public static final Parameters NONE = new Parameters(List.of());

    /// One name and its decoded value.
    public record Parameter(String name, String value) {}

    public Parameters {
        list = List.copyOf(list);
    }

    public Optional<String> value(String name) {
        for (var p : list) {
            if (p.name().equals(name)) {
                return Optional.of(p.value());
            }
        }
        return Optional.empty();
    }
}
