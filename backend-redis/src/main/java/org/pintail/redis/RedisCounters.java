package org.pintail.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Counters;
import org.pintail.backend.LocalCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counters under the keys WildDuck has for them. While Redis is away each node counts alone from nothing, so that every limit still holds per
/// node; what it counted is added when Redis is back.
final class RedisCounters implements Counters {
    private static final Logger LOG = LoggerFactory.getLogger(RedisCounters.class);
    private static final int MOST_OWED = 100_000;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private final RedisLink link;
    private final Clock clock;
    private final Map<String, Owed> owed = new ConcurrentHashMap<>();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private volatile LocalCounters alone;

    /// What Redis has to be told: forget it first, then add.
    private record Owed(boolean cleared, long amount, Duration window) {
        Owed plus(Owed later) {
            return later.cleared ? later : new Owed(cleared, amount + later.amount, later.window);
        }
    }

    RedisCounters(RedisLink link, Clock clock) {
        this.link = link;
        this.clock = clock;
        this.alone = new LocalCounters(clock);
        link.onConnect(this::settle);
    }

    @Override
    public Added add(String key, long amount, long limit, Duration window) {
        try {
            return addThere(key, amount, limit, window);
        } catch (RedisAway away) {
            var added = alone.add(key, amount, limit, window);
            if (added.allowed()) {
                owe(key, new Owed(false, amount, window));
            }
            return added;
        }
    }

    private Added addThere(String key, long amount, long limit, Duration window) {
        List<Object> answer = link.run(
                Script.COUNTER_ADD, ScriptOutputType.MULTI, List.of(key), Long.toString(amount), Long.toString(limit),
                Long.toString(window.toMillis()));
        return new Added(answer.getFirst().equals(1L), value(answer.get(1)), left(answer.get(2)));
    }

    private static long value(Object text) {
        return Long.parseLong((String) text);
    }

    private static Duration left(Object millis) {
        return Duration.ofMillis(Math.max(0, (Long) millis));
    }

    @Override
    public Count read(String key) {
        try {
            List<Object> answer = link.run(Script.COUNTER_READ, ScriptOutputType.MULTI, List.of(key));
            return new Count(value(answer.getFirst()), left(answer.get(1)));
        } catch (RedisAway away) {
            return alone.read(key);
        }
    }

    @Override
    public void clear(String key) {
        try {
            link.call(c -> c.del(key));
        } catch (RedisAway away) {
            alone.clear(key);
            owe(key, new Owed(true, 0, Duration.ZERO));
        }
    }

    private void owe(String key, Owed what) {
        if (owed.size() < MOST_OWED || owed.containsKey(key)) {
            owed.merge(key, what, Owed::plus);
        }
        if (link.connected() && retrying.compareAndSet(false, true)) {
            Thread.ofVirtual().name("redis-owed").start(this::settleSoon);
        }
    }

    /// A call can fail while the connection stays, or end after the next one has begun and was told what was owed until then.
    private void settleSoon() {
        LockSupport.parkNanos(RETRY.toNanos());
        retrying.set(false);
        try {
            settle();
        } catch (RedisAway again) {
            LOG.debug("redis is not told yet what was counted error={}", again.getMessage());
        }
    }

    private void settle() {
        alone = new LocalCounters(clock);
        for (var key : owed.keySet()) {
            var debt = owed.remove(key);
            if (debt != null) {
                settle(key, debt);
            }
        }
    }

    private void settle(String key, Owed debt) {
        @Nullable Owed rest = debt;
        try {
            if (debt.cleared()) {
                link.call(c -> c.del(key));
                rest = new Owed(false, debt.amount(), debt.window());
            }
            if (debt.amount() > 0) {
                addThere(key, debt.amount(), Long.MAX_VALUE, debt.window());
            }
            rest = null;
        } finally {
            if (rest != null) {
                owe(key, rest); // away again: the next time
            }
        }
    }
}
