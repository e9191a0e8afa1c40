package org.pintail.redis;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where Redis is and how long it may take.
///
/// @param url `redis://host:port/db`, `rediss://…` with TLS, `redis-sentinel://host:port,host:port/db#master`, `rediss-sentinel://…`
/// @param password of Redis, null for that of the url or none
/// @param sentinelPassword of the Sentinels, null for none
/// @param authorities PEM file of the certificates that its certificate is checked against; null for those of the JDK
/// @param timeout of a command; one that takes longer counts as Redis being away
/// @param poll how often every watched account is looked at while all is well, in case a beacon was lost
/// @param pollAway the same while Redis is away
public record RedisSettings(
        String url,
        @Nullable String password,
        @Nullable String sentinelPassword,
        @Nullable Path authorities,
        Duration timeout,
        Duration poll,
        Duration pollAway) {
    public static RedisSettings of(String url) {
        return new RedisSettings(url, null, null, null, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(10));
    }
}
