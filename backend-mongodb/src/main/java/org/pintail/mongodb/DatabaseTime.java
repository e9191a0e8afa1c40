package org.pintail.mongodb;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time of the database server, so that nodes whose clocks differ agree on when a lease ends. A difference that is too small to matter
/// is not made up for: clocks kept by NTP go on as they are.
final class DatabaseTime implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseTime.class);
    private static final Duration TOLERATED = Duration.ofSeconds(1);
    private static final int SAMPLES = 3;
    private final InstantSource own;
    private final Supplier<Instant> server;
    private volatile Duration ahead = Duration.ZERO;

    /// `own` is the clock of this machine; `server` asks the other one, blocking.
    DatabaseTime(InstantSource own, Supplier<Instant> server) {
        this.own = own;
        this.server = server;
    }

    /// Compares the clocks. The answer that came soonest says most: it is off by at most half the time it took. Blocking. Throws
    /// [StoreException] when the server does not answer; what was known stays.
    void compare() {
        var least = Duration.ofDays(1);
        var found = Duration.ZERO;
        for (int i = 0; i < SAMPLES; i++) {
            var asked = own.instant();
            long began = System.nanoTime();
            var told = server.get();
            var took = Duration.ofNanos(System.nanoTime() - began);
            if (took.compareTo(least) < 0) {
                least = took;
                found = Duration.between(asked.plus(took.dividedBy(2)), told);
            }
        }
        var now = found.abs().compareTo(TOLERATED.plus(least)) > 0 ? found : Duration.ZERO;
        if (now.minus(ahead).abs().compareTo(TOLERATED) > 0) {
            LOG.warn("the database's time is used, this machine's differs by seconds={}", now.negated().toSeconds());
        }
        ahead = now;
    }

    @Override
    public Instant instant() {
        return own.instant().plus(ahead);
    }
}
