package org.pintail.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pintail.backend.OneTime;
import org.pintail.backend.StoreException;

/// A string per value. While Redis is away nothing can be said about any value.
final class RedisOneTime implements OneTime {
    private final RedisLink link;

    RedisOneTime(RedisLink link) {
        this.link = link;
    }

    private static StoreException.Unavailable unavailable(RedisAway why) {
        return new StoreException.Unavailable("one-time values are not available, redis is away", why);
    }

    @Override
    public boolean put(String key, String value, Duration kept) {
        try {
            return link.call(c -> c.set(key, value, SetArgs.Builder.nx().px(kept.toMillis()))) != null;
        } catch (RedisAway away) {
            throw unavailable(away);
        }
    }

    @Override
    public Optional<Kept> find(String key) {
        return look(key, "0");
    }

    @Override
    public Optional<Kept> take(String key) {
        return look(key, "1");
    }

    private Optional<Kept> look(String key, String useUp) {
        try {
            List<Object> answer = link.run(Script.ONETIME_FIND, ScriptOutputType.MULTI, List.of(key), useUp);
            return answer.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Kept((String) answer.getFirst(), Duration.ofMillis(Math.max(0, (Long) answer.get(1)))));
        } catch (RedisAway away) {
            throw unavailable(away);
        }
    }
}
