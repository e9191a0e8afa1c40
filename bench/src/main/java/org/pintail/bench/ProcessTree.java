package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Processes and all that they started, with what Linux says about them in `/proc`.
record ProcessTree(List<ProcessHandle> roots) {
    private static final long TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Debian runs on
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS = 50;
    private static final double RESTING = 0.03; // of one processor

    ProcessTree {
        roots = List.copyOf(roots);
    }

    static ProcessTree of(Process... processes) {
        return new ProcessTree(Stream.of(processes).map(Process::toHandle).toList());
    }

    /// CPU time so far in milliseconds, user and system. Time of children that ended is with their parent once it waited for them.
    double cpuMillis() throws IOException {
        long nanos = 0;
        long ticks = 0;
        for (var pid : pids()) {
            try {
                nanos += CpuClock.nanos(pid);
                var stat = Files.readString(Path.of("/proc", pid.toString(), "stat"));
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]); // cutime, cstime: proc(5) fields 16 and 17
            } catch (IOException e) {
                continue; // it ended; its parent has its time
            }
        }
        return nanos / 1e6 + ticks * 1000.0 / TICKS_PER_SECOND;
    }

    /// Waits until they do next to nothing, ten seconds at most: compilers of a JVM and writers behind a store go on for a while after work.
    void rest() throws IOException {
        double before = cpuMillis();
        for (int i = 0; i < LOOKS; i++) {
            pause();
            double now = cpuMillis();
            if (now - before < LOOK.toMillis() * RESTING) {
                return;
            }
            before = now;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Memory in KiB, pages shared by several processes counted in proportion.
    long memoryKib() throws IOException {
        long kib = 0;
        for (var pid : pids()) {
            try (var lines = Files.lines(Path.of("/proc", pid.toString(), "smaps_rollup"))) {
                kib += lines.filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            } catch (IOException | java.io.UncheckedIOException e) {
                continue; // it ended
            }
        }
        return kib;
    }

    private List<Long> pids() {
        var pids = new ArrayList<Long>();
        for (var root : roots) {
            pids.add(root.pid());
            root.descendants().forEach(child -> pids.add(child.pid()));
        }
        return pids;
    }
}
