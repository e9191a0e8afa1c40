package org.pintail.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// What was exported from a running WildDuck (see the README in `wildduck/`): documents in MongoDB's extended JSON, and what it told about them.
public final class WildDuckExport {
    private WildDuckExport() {}

    /// A file of `wildduck/`.
    public static String read(String name) {
        try (var in = WildDuckExport.class.getResourceAsStream("wildduck/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
