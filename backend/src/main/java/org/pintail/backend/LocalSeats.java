package org.pintail.backend;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// [Seats] of one process.
public final class LocalSeats implements Seats {
    private final ConcurrentHashMap<String, Integer> taken = new ConcurrentHashMap<>();

    @Override
    public boolean take(String key, int limit) {
        var before = new int[1];
        taken.compute(key, (_, n) -> {
            before[0] = n == null ? 0 : n;
            return before[0] < limit ? Integer.valueOf(before[0] + 1) : n;
        });
        return before[0] < limit;
    }

    @Override
    public void leave(String key) {
        taken.computeIfPresent(key, (_, n) -> n == 1 ? null : n - 1);
    }

    @Override
    public int taken(String key) {
        return taken.getOrDefault(key, 0);
    }

    /// All that is taken at this moment.
    public Map<String, Integer> all() {
        return Map.copyOf(taken);
    }
}
