package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How long from starting the process to the `ready` line on an empty store, and how much memory does it take then? With and without the
/// start-up cache that the launcher makes.
final class StartBench {
    private StartBench() {}

    static void run(Options options, Path directory) throws IOException {
        var table = new Table("Start on an empty store", "", "to `ready` ms, median", "smallest", "largest", "CPU ms", "memory after 2 s MB");
        var cache = options.jars().resolveSibling("pintail.aot");
        if (Files.exists(cache)) {
            row(table, "with the start-up cache", options, directory.resolve("cached"), cache);
        }
        row(table, "without", options, directory.resolve("plain"), null);
        table.end();
    }

    private static void row(Table table, String title, Options options, Path directory, @Nullable Path cache) throws IOException {
        int runs = options.rounds() * 2 + 1;
        var millis = new double[runs];
        var cpu = new double[runs];
        var memory = new double[runs];
        Files.createDirectory(directory);
        for (int i = 0; i <= runs; i++) {
            try (var pintail = PintailServer.serve(options, directory.resolve("data" + i), cache, 1)) {
                double cpuMillis = pintail.processes().cpuMillis();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
                if (i > 0) { // the first is for the disk's cache
                    millis[i - 1] = pintail.startMillis();
                    cpu[i - 1] = cpuMillis;
                    memory[i - 1] = pintail.processes().memoryKib() / 1024.0;
                }
            }
        }
        table.row(
                title, format(Pairs.median(millis)), format(java.util.Arrays.stream(millis).min().orElseThrow()),
                format(java.util.Arrays.stream(millis).max().orElseThrow()), format(Pairs.median(cpu)), format(Pairs.median(memory)));
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }
}
