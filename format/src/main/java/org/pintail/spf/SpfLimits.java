package org.pintail.spf;

import java.time.Duration;

/// Bounds of the work one check can cause.
///
/// @param lookups terms that ask the DNS (RFC 7208 §4.6.4: 10); one more is a permerror
/// @param voids of these, how many may find nothing (§4.6.4: 2); one more is a permerror
/// @param names of one `mx` (more: permerror) and of one `ptr` (more: not looked at)
/// @param recordLength characters of a record; a longer one is a permerror. What fits into DNS over UDP has 512, large senders use 2000
/// @param time of a whole check; beyond it temperror (§4.6.4 asks for at least 20 s)
public record SpfLimits(int lookups, int voids, int names, int recordLength, Duration time) {
    public static final SpfLimits RFC = new SpfLimits(10, 2, 10, 16 * 1024, Duration.ofSeconds(20));

    public SpfLimits withLookups(int most) {
        return new SpfLimits(most, voids, names, recordLength, time);
    }
}
