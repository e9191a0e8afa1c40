package org.pintail.backend;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// [Counters] inside one process. At most `most` windows are kept: when they are full, ended ones go first, then those that end soonest.
public final class LocalCounters implements Counters {
    /// About 30 MB when every key is taken.
    private static final int MOST = 200_000;

    /// Part of the windows that one clean-up makes room for, so that it is paid rarely.
    private static final int ROOM = 8;

    private final Clock clock;
    private final int most;
    private final Map<String, Window> windows = new HashMap<>();

    private record Window(long value, Instant ends) {}

    public LocalCounters(Clock clock) {
        this(clock, MOST);
    }

    public LocalCounters(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    @Override
    public synchronized Added add(String key, long amount, long limit, Duration window) {
        var now = clock.instant();
        var running = running(key, now);
        long before = running == null ? 0 : running.value();
        if (before >= limit) {
            return new Added(false, before, running == null ? Duration.ZERO : Duration.between(now, running.ends()));
        }
        var ends = running == null ? now.plus(window) : running.ends();
        if (running == null && windows.size() >= most) {
            makeRoom(now);
        }
        long value = plus(before, amount);
        windows.put(key, new Window(value, ends));
        return new Added(true, value, Duration.between(now, ends));
    }

    @Override
    public synchronized Count read(String key) {
        var now = clock.instant();
        var running = running(key, now);
        return running == null
                ? new Count(0, Duration.ZERO)
                : new Count(running.value(), Duration.between(now, running.ends()));
    }

    @Override
    public synchronized void clear(String key) {
        windows.remove(key);
    }

    private @Nullable Window running(String key, Instant now) {
        var w = windows.get(key);
        if (w != null && !w.ends().isAfter(now)) {
            windows.remove(key);
            return null;
        }
        return w;
    }

    private void makeRoom(Instant now) {
        windows.values().removeIf(w -> !w.ends().isAfter(now));
        int surplus = windows.size() - (most - Math.max(1, most / ROOM));
        if (surplus <= 0) {
            return;
        }
        var byEnd = new ArrayList<>(windows.entrySet());
        byEnd.sort(Map.Entry.comparingByValue((a, b) -> a.ends().compareTo(b.ends())));
        var leaving = byEnd.subList(0, surplus).stream().map(Map.Entry::getKey).toList();
        leaving.forEach(windows::remove);
    }

    /// A sum that stays at the largest or smallest long instead of turning over.
    private static long plus(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }
}
