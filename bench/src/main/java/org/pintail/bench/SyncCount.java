package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How often a process asks the disk to keep what it wrote (fsync, fdatasync), counted by the kernel for `perf stat`.
final class SyncCount {
    private final Path log;
    private final Process perf;

    private SyncCount(Path log, Process perf) {
        this.log = log;
        this.perf = perf;
    }

    static boolean available() {
        return Files.isExecutable(Path.of("/usr/bin/perf")) && Files.isReadable(Path.of("/sys/kernel/tracing/available_events"));
    }

    static SyncCount start(Path directory, long pid) throws IOException {
        var log = Files.createTempFile(directory, "perf", ".txt");
        var perf = Tool.start(
                directory.resolve("perf.out"),
                List.of("/usr/bin/perf", "stat", "-x", ";", "-o", log.toString(), "-e", "syscalls:sys_enter_fdatasync,syscalls:sys_enter_fsync",
                        "-p", Long.toString(pid)));
        try {
            Thread.sleep(300); // perf says nothing when it has attached
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new SyncCount(log, perf);
    }

    long end() throws IOException {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(perf.pid())).start().waitFor();
            perf.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(";"))
                    .map(line -> line.substring(0, line.indexOf(';')))
                    .filter(count -> count.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .sum();
        }
    }
}
