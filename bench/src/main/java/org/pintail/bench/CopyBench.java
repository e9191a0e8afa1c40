package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// How fast does an installation move to MongoDB and back, and is it the same afterwards? Fills an embedded store, copies it to the server of
/// `--mongodb URL` (a database that is empty) and back into another embedded store with `pintail store copy`, and compares the first store
/// with the last: every row and every byte. Figures in docs/mongodb.md.
final class CopyBench {
    private CopyBench() {}

    static void run(Options options, Path directory) throws IOException {
        if (options.mongodb().isEmpty()) {
            System.out.println("copy: skipped, expected --mongodb mongodb://host/database\n");
            return;
        }
        var first = directory.resolve("first").toString();
        var last = directory.resolve("last").toString();
        var log = directory.resolve("copy.log");
        worker(options, log, "fill", first, Integer.toString(options.messages()));
        var table = new Table("Moving " + options.messages() + " messages", "from, to", "seconds", "messages/s", "verified included");
        copy(options, log, table, "embedded store to MongoDB", "rocksdb:" + first, options.mongodb());
        copy(options, log, table, "MongoDB to embedded store", options.mongodb(), "rocksdb:" + last);
        worker(options, log, "compare", first, last);
        var lines = Files.readAllLines(log);
        table.end(lines.getLast() + ". What the copies said: " + String.join("; ", lines.stream().filter(l -> l.startsWith("copied ") && l.contains(" seconds=")).toList()));
    }

    private static void copy(Options options, Path log, Table table, String what, String from, String to) throws IOException {
        long began = System.nanoTime();
        Tool.run(log, PintailServer.java(options, null, "store", "copy", "--from", from, "--to", to));
        double seconds = (System.nanoTime() - began) / 1e9;
        table.row(what, String.format(Locale.ROOT, "%.1f", seconds), String.format(Locale.ROOT, "%.0f", options.messages() / seconds), "yes");
    }

    private static void worker(Options options, Path log, String... arguments) throws IOException {
        var quiet = log.resolveSibling("logback.xml");
        Files.writeString(quiet, "<configuration><root level=\"ERROR\"/></configuration>");
        var command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseCompactObjectHeaders", "-Xmx1g", "-Dlogback.configurationFile=" + quiet, "-cp",
                options.jars() + "/*:" + System.getProperty("java.class.path"), "org.pintail.bench.CopyWorker"));
        command.addAll(List.of(arguments));
        Tool.run(log, command);
    }
}
