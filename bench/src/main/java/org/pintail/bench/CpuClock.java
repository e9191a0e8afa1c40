package org.pintail.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The CPU time of a process, all its threads, in nanoseconds: `/proc` tells it in hundredths of a second, too coarse for commands of some
/// microseconds.
final class CpuClock {
    private static final int SCHED = 2; // which of its clocks: user and system, as the scheduler counts (CPUCLOCK_SCHED)
    private static final MethodHandle CLOCK_GETTIME = clockGettime();

    private CpuClock() {}

    @SuppressWarnings("restricted")
    private static MethodHandle clockGettime() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("clock_gettime"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /// Throws `IOException` when the process has ended.
    static long nanos(long pid) throws IOException {
        int clock = (int) (~pid << 3) | SCHED;
        try (var arena = Arena.ofConfined()) {
            var time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
            if (failed != 0) {
                throw new IOException("no process " + pid);
            }
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000 + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
