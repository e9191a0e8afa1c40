package org.pintail.backend;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// [Locks] inside one process. Tokens ascend over restarts as well, as long as the clock does.
public final class LocalLocks implements Locks {
    private final Clock clock;
    private final Map<String, Held> locks = new HashMap<>();
    private long lastToken;

    public LocalLocks(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Lease> acquire(String name, Duration time) {
        var now = clock.instant();
        locks.values().removeIf(h -> !h.ends.isAfter(now));
        if (locks.containsKey(name)) {
            return Optional.empty();
        }
        lastToken = Math.max(lastToken + 1, now.toEpochMilli());
        var held = new Held(name, lastToken, now.plus(time));
        locks.put(name, held);
        return Optional.of(held);
    }

    private final class Held implements Lease {
        private final String name;
        private final long token;
        private volatile Instant ends;

        Held(String name, long token, Instant ends) {
            this.name = name;
            this.token = token;
            this.ends = ends;
        }

        @Override
        public long token() {
            return token;
        }

        @Override
        public boolean held() {
            synchronized (LocalLocks.this) {
                return locks.get(name) == this && ends.isAfter(clock.instant());
            }
        }

        @Override
        public boolean extend(Duration time) {
            synchronized (LocalLocks.this) {
                if (!held()) {
                    return false;
                }
                ends = clock.instant().plus(time);
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (LocalLocks.this) {
                locks.remove(name, this);
            }
        }
    }
}
