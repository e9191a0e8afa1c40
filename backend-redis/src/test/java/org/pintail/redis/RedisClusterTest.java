package org.pintail.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.AccountId;
import org.pintail.backend.CountersContract;
import org.pintail.backend.EventsContract;
import org.pintail.backend.JobsContract;
import org.pintail.backend.LocksContract;
import org.pintail.backend.OneTimeContract;
import org.pintail.backend.SeatsContract;
import org.pintail.backend.SignalsContract;
import org.pintail.backend.Store;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.testkit.RedisProcess;

/// A cluster over a real Redis keeps every contract; and what only several nodes, or WildDuck beside them, can see.
@SuppressWarnings("try") // watches and leases are only held
class RedisClusterTest
        implements CountersContract, EventsContract, JobsContract, LocksContract, OneTimeContract, SeatsContract, SignalsContract {
    /// Lets time go by: everything that ends by itself, and every job, is as much nearer.
    private static final String PASS =
            """
            for _, key in ipairs(redis.call('KEYS', '*')) do
              local left = redis.call('PTTL', key)
              if left > 0 then
                if left <= tonumber(ARGV[1]) then redis.call('DEL', key) else redis.call('PEXPIRE', key, left - ARGV[1]) end
              end
              if string.find(key, '^pintail:jobs:.*:due$') then
                for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -ARGV[1], id) end
              end
            end
            return 1
            """;

    @TempDir
    static Path directory;

    private static RedisProcess redis;
    private static RedisClient client;
    private static StatefulRedisConnection<String, String> raw;

    private final TestClock clock = new TestClock();
    private RedisCluster cluster;
    private MemoryStore store;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RedisProcess.installed(), RedisProcess.missing());
        redis = RedisProcess.start(directory);
        client = RedisClient.create(redis.url());
        raw = client.connect();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            client.shutdown();
            redis.close();
        }
    }

    @BeforeEach
    void open() {
        raw.sync().flushall();
        cluster = node();
        store = new MemoryStore(clock, cluster);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private RedisCluster node() {
        return RedisCluster.open(RedisSettings.of(redis.url()), clock, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public TestClock clock() {
        return clock;
    }

    @Override
    public boolean looksByItself() {
        return true;
    }

    @Override
    public void pass(Duration time) {
        clock.advance(time);
        raw.sync().eval(PASS, ScriptOutputType.INTEGER, new String[0], Long.toString(time.toMillis()));
    }

    @Test
    void anUrlThatIsNoneIsRefused() {
        assertThatThrownBy(() -> RedisCluster.open(RedisSettings.of("http://example.com"), clock))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RedisCluster.open(RedisSettings.of("redis"), clock)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherNodeHearsOfChangesLogoutsAndWords() throws InterruptedException {
        var account = AccountId.next();
        var wakes = new Semaphore(0);
        var reasons = new LinkedBlockingQueue<String>();
        var words = new LinkedBlockingQueue<String>();
        try (var other = node();
                var one = other.events().watch(account, wakes::release);
                var two = other.events().watchLogout(account, reasons::add);
                var three = other.signals().watch("topic", words::add)) {
            TimeUnit.SECONDS.sleep(4); // until the look after connecting is over
            wakes.drainPermits();
            words.clear();
            long before = System.nanoTime();
            cluster.events().publish(account);
            assertThat(wakes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            cluster.events().logout(account, "Passwort \"geändert\"");
            assertThat(reasons.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("Passwort \"geändert\"");
            cluster.signals().send("topic", "two\nlines");
            assertThat(words.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("two\nlines");
        }
    }

    @Test
    void whatWildDuckSaysIsHeardAndNonsenseIsNot() throws InterruptedException {
        var account = AccountId.next();
        var wakes = new Semaphore(0);
        var reasons = new LinkedBlockingQueue<String>();
        try (var one = cluster.events().watch(account, wakes::release);
                var two = cluster.events().watchLogout(account, reasons::add)) {
            TimeUnit.SECONDS.sleep(4); // until the look after connecting is over
            wakes.drainPermits();
            for (var nonsense : new String[] {"", "{", "[]", "{\"e\":\"x\"}", "{\"e\":7}", "{\"e\":\"zzzzzzzzzzzzzzzzzzzzzzzz\"}", "null"}) {
                raw.sync().publish("wd_events", nonsense);
            }
            raw.sync().publish("pintail:signals", "no lines");
            raw.sync().publish("wd_events", "{\"e\":\"" + account.hex() + "\"}");
            assertThat(wakes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            raw.sync().publish("wd_events", "{\"e\":\"" + account.hex() + "\",\"p\":{\"command\":\"DROP\",\"mailbox\":\"x\"}}");
            assertThat(wakes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            raw.sync().publish("wd_events", "{\"e\":\"" + account.hex() + "\",\"p\":{\"command\":\"LOGOUT\",\"reason\":\"out\"}}");
            assertThat(reasons.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("out");
        }
    }

    @Test
    void whatIsSaidIsWhatWildDuckExpects() throws InterruptedException {
        var heard = new LinkedBlockingQueue<String>();
        var listening = client.connectPubSub();
        listening.addListener(new io.lettuce.core.pubsub.RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                heard.add(message);
            }
        });
        listening.sync().subscribe("wd_events");
        var account = AccountId.of("0123456789abcdef01234567");
        cluster.events().publish(account);
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("{\"e\":\"0123456789abcdef01234567\"}");
        cluster.events().logout(account, "Authentication required");
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo("{\"e\":\"0123456789abcdef01234567\",\"p\":{\"command\":\"LOGOUT\",\"reason\":\"Authentication required\"}}");
        listening.close();
    }

    @Test
    void aBurstOfChangesIsOneBeaconPerAccount() throws InterruptedException {
        raw.sync().configResetstat();
        var account = AccountId.next();
        for (int i = 0; i < 10_000; i++) {
            cluster.events().publish(account);
        }
        TimeUnit.MILLISECONDS.sleep(500);
        var calls = raw.sync().info("commandstats").lines().filter(l -> l.startsWith("cmdstat_publish:")).findFirst().orElse("calls=0,");
        int published = Integer.parseInt(calls.substring(calls.indexOf("calls=") + 6, calls.indexOf(',')));
        assertThat(published).isLessThan(500);
    }

    @Test
    void aCounterIsTheOneWildDuckReads() {
        cluster.counters().add("wdr:0123456789abcdef01234567", 3, 2000, Duration.ofDays(1));
        assertThat(raw.sync().get("wdr:0123456789abcdef01234567")).isEqualTo("3");
        assertThat(raw.sync().ttl("wdr:0123456789abcdef01234567")).isBetween(86_300L, 86_400L);
        raw.sync().set("wdr:forever", "5");
        cluster.counters().add("wdr:forever", 1, 2000, Duration.ofHours(1));
        assertThat(raw.sync().ttl("wdr:forever")).as("a counter without an end gets one").isBetween(3500L, 3600L);
    }

    @Test
    void aSumStaysAtTheLargestNumber() {
        cluster.counters().add("k", (1L << 62) + 1, Long.MAX_VALUE, WINDOW);
        assertThat(cluster.counters().read("k").value()).isEqualTo((1L << 62) + 1);
        assertThat(cluster.counters().add("k", 1L << 62, Long.MAX_VALUE, WINDOW).value()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLockIsTheOneWildDuckRespects() {
        var lease = cluster.locks().acquire("wildduck:gc_expired", Duration.ofMinutes(18)).orElseThrow();
        assertThat(raw.sync().hget("wildduck:gc_expired", "index")).isEqualTo(Long.toString(lease.token()));
        assertThat(raw.sync().get("wildduckindex")).isEqualTo(Long.toString(lease.token()));
        lease.close();
        assertThat(raw.sync().exists("wildduck:gc_expired")).isZero();
        raw.sync().hset("wildduck:gc_expired", "index", "7");
        assertThat(cluster.locks().acquire("wildduck:gc_expired", Duration.ofMinutes(18))).isEmpty();
        assertThatThrownBy(() -> cluster.locks().acquire("nameless", WINDOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tokensAscendWhenRedisForgotEverything() {
        long before = cluster.locks().acquire("a:b", WINDOW).orElseThrow().token();
        raw.sync().flushall();
        assertThat(cluster.locks().acquire("a:b", WINDOW).orElseThrow().token()).isGreaterThan(before);
        raw.sync().flushall();
        raw.sync().set("aindex", "9000000000000000");
        assertThat(cluster.locks().acquire("a:b", WINDOW).orElseThrow().token()).isEqualTo(9_000_000_000_000_001L);
    }

    @Test
    void theSeatsOfAllNodesCountAndThoseOfADeadOneAreFree() {
        try (var other = node()) {
            assertThat(cluster.seats().take("imap:a", 3)).isTrue();
            assertThat(other.seats().take("imap:a", 3)).isTrue();
            assertThat(other.seats().take("imap:a", 3)).isTrue();
            assertThat(cluster.seats().take("imap:a", 3)).isFalse();
            assertThat(other.seats().taken("imap:a")).isEqualTo(3);
        }
        // as if half a minute had gone by without a word of it
        raw.sync().zrange("pintail:nodes", 0, -1).forEach(node -> {
            if (!raw.sync().hexists("pintail:seats:imap:a", node)) {
                return;
            }
            if (raw.sync().hget("pintail:seats:imap:a", node).equals("2")) {
                raw.sync().zrem("pintail:nodes", node);
            }
        });
        assertThat(cluster.seats().taken("imap:a")).isEqualTo(1);
        assertThat(cluster.seats().take("imap:a", 3)).isTrue();
    }
}
