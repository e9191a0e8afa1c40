package org.pintail.backend;

import java.time.Duration;

/// Counters with windows: a window starts at the first addition and everything in it goes when it ends.
public interface Counters {
    /// `value` in the running window and the time until it ends (zero when there is none).
    record Count(long value, Duration left) {}

    /// Adds when the value before is below `limit`; otherwise nothing is added and `allowed` is false.
    record Added(boolean allowed, long value, Duration left) {}

    Added add(String key, long amount, long limit, Duration window);

    Count read(String key);

    void clear(String key);
}
