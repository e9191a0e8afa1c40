package org.pintail.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.pintail.backend.Locks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Locks as ioredfour keeps them, so that WildDuck's processes and ours exclude each other: `namespace:id`, with an index per namespace that
/// is the token. Nothing is given while Redis is away.
final class RedisLocks implements Locks {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLocks.class);
    private final RedisLink link;
    private final LongSupplier nanos;

    RedisLocks(RedisLink link, LongSupplier nanos) {
        this.link = link;
        this.nanos = nanos;
    }

    private static String namespace(String name) {
        int colon = name.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("expected namespace:name, found " + name);
        }
        return name.substring(0, colon);
    }

    @Override
    public Optional<Lease> acquire(String name, Duration time) {
        long asked = nanos.getAsLong();
        try {
            String token = link.run(
                    Script.LOCK_ACQUIRE, ScriptOutputType.VALUE, List.of(name, namespace(name) + "index"), Long.toString(time.toMillis()));
            return token.equals("0") ? Optional.empty() : Optional.of(new Held(name, token, asked + time.toNanos()));
        } catch (RedisAway away) {
            LOG.debug("lock not given, redis is away lock={}", name);
            return Optional.empty();
        }
    }

    private final class Held implements Lease {
        private final String name;
        private final String token;
        private volatile long ends;
        private volatile boolean lost;

        Held(String name, String token, long ends) {
            this.name = name;
            this.token = token;
            this.ends = ends;
        }

        @Override
        public long token() {
            return Long.parseLong(token);
        }

        @Override
        public boolean held() {
            return !lost && nanos.getAsLong() - ends < 0;
        }

        @Override
        public boolean extend(Duration time) {
            long asked = nanos.getAsLong();
            try {
                Long extended = link.run(
                        Script.LOCK_EXTEND, ScriptOutputType.INTEGER, List.of(name), token, Long.toString(time.toMillis()));
                lost |= extended == 0;
                if (!lost) {
                    ends = asked + time.toNanos();
                }
                return !lost;
            } catch (RedisAway away) {
                return false; // it may still be held, but not for longer than before
            }
        }

        @Override
        public void close() {
            lost = true;
            try {
                link.run(Script.LOCK_RELEASE, ScriptOutputType.INTEGER, List.of(name), token, namespace(name) + "-release");
            } catch (RedisAway away) {
                LOG.debug("lock not given back, it ends by itself lock={}", name);
            }
        }
    }
}
