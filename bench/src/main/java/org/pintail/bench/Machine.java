package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine a table was made on.
final class Machine {
    private Machine() {}

    static String describe() throws IOException {
        String model;
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            model = lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .orElse("unknown processor");
        }
        var load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        return Runtime.getRuntime().availableProcessors() + " cores of " + model + ", Linux " + System.getProperty("os.version") + ", JDK "
                + Runtime.version().feature() + ", load before the start " + load + "\n";
    }
}
