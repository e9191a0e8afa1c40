package org.pintail.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What is said to other nodes, gathered for a moment so that the same thing is said once, and kept while Redis is away. Whoever says
/// something does not wait.
final class Beacons implements AutoCloseable {
    private static final Duration GATHER = Duration.ofMillis(5);
    private static final Duration AWAY = Duration.ofMillis(200);
    private static final int AT_ONCE = 500;
    private static final int MOST = 100_000;
    private final RedisLink link;
    private final Beacon overflow;
    private final Set<Beacon> waiting = new LinkedHashSet<>();
    private final Thread speaker;
    private volatile boolean closing;

    /// A message for a channel.
    record Beacon(String channel, String message) {}

    /// `overflow` is said instead when more waits than can be kept.
    Beacons(RedisLink link, Beacon overflow) {
        this.link = link;
        this.overflow = overflow;
        this.speaker = Thread.ofVirtual().name("redis-beacons").unstarted(this::speak);
    }

    void start() {
        speaker.start();
    }

    void say(String channel, String message) {
        boolean first;
        synchronized (waiting) {
            first = waiting.isEmpty();
            if (waiting.size() >= MOST) {
                waiting.clear();
                waiting.add(overflow);
            } else {
                waiting.add(new Beacon(channel, message));
            }
        }
        if (first) {
            LockSupport.unpark(speaker);
        }
    }

    private void speak() {
        while (!closing || !isEmpty()) {
            if (isEmpty()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                continue;
            }
            if (!closing) {
                LockSupport.parkNanos(GATHER.toNanos());
            }
            var batch = next();
            try {
                var args = batch.stream().flatMap(b -> java.util.stream.Stream.of(b.channel(), b.message())).toArray(String[]::new);
                link.run(Script.PUBLISH, ScriptOutputType.INTEGER, List.of(), args);
            } catch (RedisAway e) {
                if (closing) {
                    return; // the other nodes look by themselves
                }
                putBack(batch);
                LockSupport.parkNanos(AWAY.toNanos());
            }
        }
    }

    private boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    private List<Beacon> next() {
        synchronized (waiting) {
            var batch = new ArrayList<Beacon>(Math.min(waiting.size(), AT_ONCE));
            var each = waiting.iterator();
            while (each.hasNext() && batch.size() < AT_ONCE) {
                batch.add(each.next());
                each.remove();
            }
            return batch;
        }
    }

    private void putBack(List<Beacon> batch) {
        synchronized (waiting) {
            if (waiting.size() + batch.size() <= MOST) {
                waiting.addAll(batch);
            } else {
                waiting.clear();
                waiting.add(overflow);
            }
        }
    }

    /// Says what is waiting, if Redis is there.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(speaker);
        try {
            speaker.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
