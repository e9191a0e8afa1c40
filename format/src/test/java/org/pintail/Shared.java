package org.pintail;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Test material that lies beside the project, where there is some.
public final class Shared {
    private Shared() {}

    /// Skips the test, and says so, when it is not there.
    public static Path require(String path) {
        for (var up : List.of("../../shared", "../shared", "../../../shared", "../../../../shared")) {
            var found = Path.of(System.getProperty("pintail.shared", up)).resolve(path);
            if (Files.exists(found)) {
                return found;
            }
        }
        assumeTrue(false, "no " + path + " beside the project");
        throw new IllegalStateException(path);
    }

    /// All messages of the corpus, in a fixed order.
    public static List<Path> corpus() {
        try (var files = Files.walk(require("corpus"))) {
            return files.filter(f -> f.toString().endsWith(".eml")).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
