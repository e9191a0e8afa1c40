package org.pintail.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.AccountId;
import org.pintail.backend.Jobs.NewJob;
import org.pintail.backend.StoreException;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.testkit.FaultyRoute;
import org.pintail.testkit.RedisProcess;

/// Redis killed, started again, frozen, slow, cut off, failed over, flushed, behind TLS and passwords: what every role does meanwhile, and that
/// all of it comes back without a restart.
@SuppressWarnings("try") // watches are only held open
@Timeout(120)
class RedisFaultsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @BeforeEach
    void needed() {
        assumeTrue(RedisProcess.installed(), RedisProcess.missing());
    }

    private static RedisSettings settings(String url) {
        return new RedisSettings(url, null, null, null, Duration.ofMillis(500), Duration.ofMinutes(10), Duration.ofSeconds(2));
    }

    private static RedisCluster open(String url) {
        return RedisCluster.open(settings(url), Clock.systemUTC());
    }

    private static void await(String what, BooleanSupplier reached) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void assertWoken(Semaphore wakes, Duration within) throws InterruptedException {
        assertThat(wakes.tryAcquire(within.toMillis(), TimeUnit.MILLISECONDS)).as("woken within " + within).isTrue();
    }

    /// What holds without Redis, as docs/deploy/cluster.md has it.
    private static void assertAlone(RedisCluster node, MemoryStore store) throws InterruptedException {
        var account = AccountId.next();
        var wakes = new Semaphore(0);
        try (var watch = node.events().watch(account, wakes::release)) {
            node.events().publish(account);
            assertWoken(wakes, Duration.ofSeconds(1));
            wakes.drainPermits();
            assertWoken(wakes, Duration.ofSeconds(5)); // looks by itself
        }
        assertThat(node.counters().add("auth_user:x", 1, 2, HOUR).allowed()).isTrue();
        assertThat(node.counters().add("auth_user:x", 1, 2, HOUR).allowed()).isTrue();
        assertThat(node.counters().add("auth_user:x", 1, 2, HOUR).allowed()).as("limits still hold on a node").isFalse();
        assertThat(node.locks().acquire("a:b", HOUR)).as("no lock is given on a guess").isEmpty();
        assertThatThrownBy(() -> node.oneTime().put("totp:x:1", "", HOUR)).isInstanceOf(StoreException.Unavailable.class);
        assertThatThrownBy(() -> node.oneTime().take("totp:x:1")).isInstanceOf(StoreException.Unavailable.class);
        assertThat(node.seats().take("imap:x", 1)).isTrue();
        assertThat(node.seats().take("imap:x", 1)).isFalse();
        store.jobs().add(new NewJob("q", "added while away", 3, Duration.ZERO));
        var job = store.jobs().claim("q", HOUR, 10);
        assertThat(job).hasSize(1);
        assertThat(store.jobs().done(job.getFirst())).isTrue();
    }

    @Test
    void aNodeStartsWithoutRedisAndFindsItLater() throws IOException, InterruptedException {
        int port = RedisProcess.freePort();
        try (var node = open("redis://127.0.0.1:" + port)) {
            assertThat(node.connected()).isFalse();
            assertAlone(node, new MemoryStore(Clock.systemUTC(), node));
            try (var redis = RedisProcess.start(directory, port)) {
                await("connected", node::connected);
                assertThat(node.locks().acquire("a:b", HOUR)).isPresent();
                await("what was counted alone is added", () -> node.counters().read("auth_user:x").value() >= 2);
                assertThat(node.seats().taken("imap:x")).isEqualTo(1);
            }
        }
    }

    @Test
    void killedAndStartedAgainWithNothingInIt() throws IOException, InterruptedException {
        try (var redis = RedisProcess.start(directory);
                var node = open(redis.url());
                var other = open(redis.url())) {
            var store = new MemoryStore(Clock.systemUTC(), node);
            node.counters().add("auth_user:x", 5, 12, HOUR);
            assertThat(node.seats().take("imap:y", 2)).isTrue();
            redis.kill();
            await("noticed", () -> !node.connected());
            long before = System.nanoTime();
            assertAlone(node, store);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as("nothing waits").isLessThan(Duration.ofSeconds(8));
            var account = AccountId.next();
            var wakes = new Semaphore(0);
            try (var watch = other.events().watch(account, wakes::release)) {
                node.events().publish(account); // said when it is back
                redis.restart();
                await("back", () -> node.connected() && other.connected());
                assertWoken(wakes, PATIENCE);
            }
            await("the seats taken before are told again", () -> other.seats().taken("imap:y") == 1);
            await("counted alone", () -> node.counters().read("auth_user:x").value() >= 2);
            store.jobs().add(new NewJob("q", "again", 3, Duration.ZERO));
            assertThat(store.jobs().claim("q", HOUR, 10)).hasSize(1);
        }
    }

    @Test
    void aJobKeptInTheStoreWhileRedisWasAwayIsDoneAfterwards() throws IOException, InterruptedException {
        try (var redis = RedisProcess.start(directory);
                var node = open(redis.url())) {
            var store = new MemoryStore(Clock.systemUTC(), node);
            store.jobs().add(new NewJob("q", "first", 3, Duration.ZERO));
            var held = store.jobs().claim("q", HOUR, 1).getFirst();
            redis.kill();
            await("noticed", () -> !node.connected());
            assertThatThrownBy(() -> store.jobs().done(held)).isInstanceOf(StoreException.Unavailable.class);
            store.jobs().add(new NewJob("q", "second", 3, Duration.ZERO));
            redis.restart();
            await("back", node::connected);
            assertThat(store.jobs().done(held)).as("redis forgot it").isFalse();
            var job = store.jobs().claim("q", HOUR, 10).getFirst();
            assertThat(job.body()).isEqualTo("second");
            assertThat(store.jobs().done(job)).isTrue();
        }
    }

    @Test
    void flushedEmptyNothingIsHeldAndEverythingStartsAnew() throws IOException {
        try (var redis = RedisProcess.start(directory);
                var node = open(redis.url())) {
            var lease = node.locks().acquire("a:b", HOUR).orElseThrow();
            node.oneTime().put("totp:x:1", "", HOUR);
            redis.command("FLUSHALL");
            redis.command("SCRIPT", "FLUSH");
            assertThat(lease.extend(HOUR)).as("nobody knows of it any more").isFalse();
            assertThat(lease.held()).isFalse();
            var next = node.locks().acquire("a:b", HOUR).orElseThrow();
            assertThat(next.token()).isGreaterThan(lease.token());
            assertThat(node.oneTime().put("totp:x:1", "", HOUR)).isTrue();
        }
    }

    @Test
    void frozenNobodyWaitsLongAndItIsTakenAgainWhenItThaws() throws IOException, InterruptedException {
        try (var redis = RedisProcess.start(directory);
                var node = open(redis.url())) {
            node.counters().add("auth_user:x", 1, 12, HOUR);
            redis.freeze();
            long before = System.nanoTime();
            assertThat(node.counters().add("auth_user:x", 1, 12, HOUR).allowed()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            await("given up", () -> !node.connected());
            before = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                node.counters().read("auth_user:x");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as("nobody asks it any more").isLessThan(Duration.ofSeconds(1));
            redis.thaw();
            await("back", node::connected);
            await("both counts", () -> node.counters().read("auth_user:x").value() >= 2);
        }
    }

    @Test
    void slowItIsUsedAndTooSlowItIsAway() throws IOException, InterruptedException {
        try (var redis = RedisProcess.start(directory);
                var route = FaultyRoute.to(new InetSocketAddress("127.0.0.1", redis.port()));
                var node = open("redis://127.0.0.1:" + route.port())) {
            route.slow(Duration.ofMillis(100));
            assertThat(node.counters().add("k", 1, 12, HOUR).value()).isEqualTo(1);
            assertThat(node.connected()).isTrue();
            assertThat(redis.command("GET", "k")).isEqualTo("$1");
            route.slow(Duration.ofSeconds(2));
            assertThat(node.counters().add("k", 1, 12, HOUR).allowed()).isTrue();
            await("given up", () -> !node.connected());
            route.slow(Duration.ZERO);
            await("back", node::connected);
        }
    }

    @Test
    void cutOffNodesSeeTheSameAfterwards() throws IOException, InterruptedException {
        try (var redis = RedisProcess.start(directory);
                var route = FaultyRoute.to(new InetSocketAddress("127.0.0.1", redis.port()));
                var cutOff = open("redis://127.0.0.1:" + route.port());
                var other = open(redis.url())) {
            TimeUnit.SECONDS.sleep(4); // until both have looked after connecting
            var account = AccountId.next();
            var there = new Semaphore(0);
            var here = new Semaphore(0);
            try (var one = other.events().watch(account, there::release);
                    var two = cutOff.events().watch(account, here::release)) {
                route.cut();
                await("noticed", () -> !cutOff.connected());
                cutOff.events().publish(account);
                other.events().publish(account);
                assertWoken(here, Duration.ofSeconds(1));
                assertWoken(there, Duration.ofSeconds(1));
                TimeUnit.MILLISECONDS.sleep(300); // what it said itself comes back to it
                here.drainPermits();
                there.drainPermits();
                assertWoken(here, Duration.ofSeconds(5)); // by looking
                assertThat(there.tryAcquire()).as("it cannot know yet").isFalse();
                here.drainPermits();
                route.mend();
                await("back", cutOff::connected);
                assertWoken(there, PATIENCE); // what was said meanwhile
                assertWoken(here, PATIENCE);
            }
        }
    }

    @Test
    void sentinelMakesAnotherOneMasterAndThatIsFound() throws IOException, InterruptedException {
        try (var master = RedisProcess.start(directory.resolve("a"));
                var replica = RedisProcess.start(directory.resolve("b"), "--replicaof", "127.0.0.1 " + master.port());
                var sentinel = RedisProcess.sentinel(
                        directory.resolve("s"),
                        "sentinel monitor mail 127.0.0.1 " + master.port() + " 1\nsentinel down-after-milliseconds mail 1000\n"
                                + "sentinel failover-timeout mail 3000\n")) {
            await("replicates", () -> ask(master, "WAIT", "1", "100").equals(":1"));
            await("sentinel knows both", () -> ask(sentinel, "SENTINEL", "replicas", "mail").equals("*1"));
            try (var node = open("redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#mail");
                    var other = open("redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#mail")) {
                assertThat(node.connected()).isTrue();
                node.counters().add("auth_user:x", 7, 12, HOUR);
                long token = node.locks().acquire("a:b", Duration.ofMillis(100)).orElseThrow().token();
                assertThat(ask(master, "WAIT", "1", "1000")).isEqualTo(":1");
                long before = System.nanoTime();
                master.kill();
                await("away", () -> !node.connected());
                assertThat(node.counters().add("auth_user:x", 1, 12, HOUR).allowed()).isTrue();
                await("the new master", () -> node.connected() && other.connected());
                System.out.println("failed over in " + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms");
                await("nothing forgotten", () -> other.counters().read("auth_user:x").value() >= 8);
                assertThat(other.locks().acquire("a:b", HOUR).orElseThrow().token()).isGreaterThan(token);
                var account = AccountId.next();
                var wakes = new Semaphore(0);
                TimeUnit.SECONDS.sleep(4); // until both have looked after connecting
                try (var watch = other.events().watch(account, wakes::release)) {
                    node.events().publish(account);
                    assertWoken(wakes, Duration.ofSeconds(1));
                }
            }
        }
    }

    @Test
    void aMasterThatBecameAReplicaIsLeft() throws IOException, InterruptedException {
        try (var old = RedisProcess.start(directory.resolve("a"));
                var fresh = RedisProcess.start(directory.resolve("b"));
                var node = open(old.url())) {
            old.command("REPLICAOF", "127.0.0.1", Integer.toString(fresh.port()));
            await("it takes no writes", () -> !node.connected());
            old.command("REPLICAOF", "NO", "ONE");
            await("master again", node::connected);
        }
    }

    private static String ask(RedisProcess redis, String... command) {
        try {
            return redis.command(command);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void throughTlsWithAPasswordAndOnlyThen() throws Exception {
        var keys = TestKeys.make(directory);
        int tls = RedisProcess.freePort();
        try (var redis = RedisProcess.start(
                directory.resolve("r"), "--tls-port", Integer.toString(tls), "--tls-cert-file", keys.certificate().toString(),
                "--tls-key-file", keys.key().toString(), "--tls-ca-cert-file", keys.certificate().toString(), "--tls-auth-clients", "no",
                "--requirepass", "secret")) {
            var url = "rediss://localhost:" + tls;
            try (var node = RedisCluster.open(with(url, "secret", keys.certificate()), Clock.systemUTC())) {
                assertThat(node.connected()).isTrue();
                assertThat(node.counters().add("k", 1, 2, HOUR).value()).isEqualTo(1);
            }
            try (var node = RedisCluster.open(with(url, "secret", null), Clock.systemUTC())) {
                assertThat(node.connected()).as("a certificate nobody vouches for").isFalse();
            }
            try (var node = RedisCluster.open(with(url, "wrong", keys.certificate()), Clock.systemUTC())) {
                assertThat(node.connected()).as("a wrong password").isFalse();
            }
            try (var node = RedisCluster.open(with("rediss://:secret@localhost:" + tls, null, keys.certificate()), Clock.systemUTC())) {
                assertThat(node.connected()).as("the password in the url").isTrue();
            }
        }
    }

    private static RedisSettings with(String url, @Nullable String password, @Nullable Path authorities) {
        return new RedisSettings(url, password, null, authorities, Duration.ofSeconds(2), HOUR, HOUR);
    }
}
