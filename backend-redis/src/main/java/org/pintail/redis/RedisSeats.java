package org.pintail.redis;

import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pintail.backend.LocalSeats;
import org.pintail.backend.Seats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node has taken is counted here; a hash per key says how many each node has. While Redis is away a node knows only of its
/// own; it tells Redis what it has when that is back. Calls for one key go one after the other, because each writes the whole count.
final class RedisSeats implements Seats {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSeats.class);
    private static final int LOCKS = 64;
    private final LocalSeats here = new LocalSeats();
    private final List<ReentrantLock> locks =
            Stream.generate(() -> new ReentrantLock(true)).limit(LOCKS).toList();
    private final RedisLink link;

    RedisSeats(RedisLink link) {
        this.link = link;
        link.onConnect(this::tellAll);
    }

    private static String seats(String key) {
        return "pintail:seats:" + key;
    }

    private <T> T inTurn(String key, Supplier<T> call) {
        var lock = locks.get(Math.floorMod(key.hashCode(), LOCKS));
        lock.lock();
        try {
            return call.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean take(String key, int limit) {
        return inTurn(key, () -> (here.taken(key) >= limit || refused(key, limit)) ? false : here.take(key, limit));
    }

    private boolean refused(String key, int limit) {
        try {
            return ask(key, limit).getFirst() == 0;
        } catch (RedisAway away) {
            return false;
        }
    }

    /// Whether one was taken, and how many were before.
    private List<Long> ask(String key, int limit) {
        return link.run(
                Script.SEAT_TAKE, ScriptOutputType.MULTI, List.of(seats(key), RedisLink.NODES), link.node(), Integer.toString(limit),
                Long.toString(RedisLink.GONE.toMillis()), Integer.toString(here.taken(key)));
    }

    @Override
    public void leave(String key) {
        inTurn(key, () -> {
            here.leave(key);
            try {
                tell(key);
            } catch (RedisAway away) {
                LOG.debug("seat left while redis is away key={}", key);
            }
            return true;
        });
    }

    private void tell(String key) {
        link.run(Script.SEAT_SET, ScriptOutputType.INTEGER, List.of(seats(key)), link.node(), Integer.toString(here.taken(key)));
    }

    @Override
    public int taken(String key) {
        try {
            return Math.toIntExact(ask(key, 0).get(1));
        } catch (RedisAway away) {
            return here.taken(key);
        }
    }

    private void tellAll() {
        here.all().keySet().forEach(key -> inTurn(key, () -> {
            tell(key);
            return true;
        }));
    }
}
