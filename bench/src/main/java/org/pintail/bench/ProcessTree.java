package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Processes and all that they started, with what Linux says about them in `/proc`.
record ProcessTree(List<ProcessHandle> roots) {
    private static final long TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Debian runs on

    ProcessTree {
        roots = List.copyOf(roots);
    }

    static ProcessTree of(Process... processes) {
        return new ProcessTree(Stream.of(processes).map(Process::toHandle).toList());
    }

    /// CPU time so far in milliseconds, user and system. Time of children that ended is with their parent once it waited for them.
    double cpuMillis() throws IOException {
        long ticks = 0;
        for (var pid : pids()) {
            try {
                var stat = Files.readString(Path.of("/proc", pid.toString(), "stat"));
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                for (int i = 11; i <= 14; i++) { // utime, stime, cutime, cstime: proc(5) fields 14 to 17
                    ticks += Long.parseLong(fields[i]);
                }
            } catch (NoSuchFileException e) {
                continue; // it ended; its parent has its time
            }
        }
        return ticks * 1000.0 / TICKS_PER_SECOND;
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
