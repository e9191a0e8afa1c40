package org.pintail.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Cluster;
import org.pintail.backend.LocalCluster;
import org.pintail.redis.RedisCluster;
import org.pintail.redis.RedisSettings;

/// Opens what nodes share as the configuration has it.
final class ClusterEngine {
    private ClusterEngine() {}

    static Cluster open(Config config) {
        return isLocal(config) ? new LocalCluster(Clock.systemUTC()) : openRedis(config);
    }

    static boolean isLocal(Config config) {
        return config.text("cluster.engine").equals("local");
    }

    private static Cluster openRedis(Config config) {
        var url = config.text("cluster.url");
        if (url.isEmpty()) {
            throw new ConfigError("cluster.url = \"\": expected where Redis is, because cluster.engine is \"redis\"");
        }
        var authorities = config.text("cluster.authorities");
        if (!authorities.isEmpty() && !Files.isReadable(Path.of(authorities))) {
            throw new ConfigError("cluster.authorities = \"" + authorities + "\": expected a readable PEM file");
        }
        var defaults = RedisSettings.of(url);
        var settings = new RedisSettings(
                url,
                orNull(config.text("cluster.password")),
                orNull(config.text("cluster.sentinel-password")),
                authorities.isEmpty() ? null : Path.of(authorities),
                config.duration("cluster.timeout"),
                defaults.poll(),
                defaults.pollAway());
        try {
            return RedisCluster.open(settings, Clock.systemUTC());
        } catch (IllegalArgumentException e) {
            // without its text: that shows the url, and the url may have a password
            throw new ConfigError("cluster.url: expected redis://, rediss://, redis-sentinel:// or rediss-sentinel:// with hosts and, for Sentinels, #master");
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
