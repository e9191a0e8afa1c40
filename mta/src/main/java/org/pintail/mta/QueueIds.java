package org.pintail.mta;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Queue ids: 14 hex digits of time and sequence, 4 of this process; they sort by time.
final class QueueIds {
    private static final long MASK = 0xff_ffff_ffff_ffffL;
    private final AtomicLong last = new AtomicLong();
    private final int process = ThreadLocalRandom.current().nextInt(0x10000);

    String next(long millis) {
        long floor = millis << 12;
        long value = last.updateAndGet(before -> Math.max(floor, before + 1));
        return String.format(java.util.Locale.ROOT, "%014x%04x", value & MASK, process);
    }

    /// Sequence numbers of recipients, from 1.
    static String sequence(int n) {
        return String.format(java.util.Locale.ROOT, "%03x", n);
    }
}
