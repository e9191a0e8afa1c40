package org.pintail.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection to Redis, and whether there is one. One thread keeps it: it tells Redis every second that this node lives, which only a
/// master accepts, and connects anew (asking the Sentinels who the master is) as soon as that fails. Nobody else waits for a connection: a call
/// made while there is none throws [RedisAway] at once.
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    static final String NODES = "pintail:nodes";
    static final Duration GONE = Duration.ofSeconds(30);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(1);
    private static final Duration FIRST_CONNECT = Duration.ofSeconds(5);
    /// Answers of a server that is no master, not ready or full.
    private static final List<String> NOT_NOW =
            List.of("READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS", "MISCONF", "OOM", "BUSY", "NOAUTH", "WRONGPASS");
    /// Commands that wait for an answer; beyond them Redis is as good as away.
    private static final int WAITING = 50_000;

    private final String node;
    private final Duration timeout;
    private final RedisURI uri;
    private final RedisClient client;
    private final Map<String, Consumer<String>> channels = new LinkedHashMap<>();
    private final List<Runnable> onConnect = new ArrayList<>();
    private final CountDownLatch tried = new CountDownLatch(1);
    private final Thread keeper;
    private volatile @Nullable Open open;
    private volatile boolean closing;
    private boolean told;
    private long lastBeat;

    /// Both connections: commands, and what was subscribed to.
    private record Open(StatefulRedisConnection<String, String> commands, StatefulRedisPubSubConnection<String, String> listening) {
        boolean isOpen() {
            return commands.isOpen() && listening.isOpen();
        }

        void close() {
            commands.closeAsync();
            listening.closeAsync();
        }
    }

    /// `node` names this process among all. Throws `IllegalArgumentException` for an url it cannot read.
    RedisLink(RedisSettings settings, String node) {
        this.node = node;
        this.timeout = settings.timeout();
        this.uri = uri(settings, node);
        this.client = RedisClient.create(uri);
        client.setOptions(options(settings));
        this.keeper = Thread.ofVirtual().name("redis-link").unstarted(this::keep);
    }

    private static RedisURI uri(RedisSettings settings, String node) {
        var uri = RedisURI.create(settings.url());
        uri.setTimeout(settings.timeout());
        uri.setClientName("pintail:" + node);
        if (settings.password() != null) {
            uri.setCredentialsProvider(io.lettuce.core.RedisCredentialsProvider.from(
                    () -> io.lettuce.core.RedisCredentials.just(null, settings.password())));
        }
        for (var sentinel : uri.getSentinels()) {
            sentinel.setTimeout(settings.timeout());
            if (settings.sentinelPassword() != null) {
                sentinel.setCredentialsProvider(io.lettuce.core.RedisCredentialsProvider.from(
                        () -> io.lettuce.core.RedisCredentials.just(null, settings.sentinelPassword())));
            }
        }
        return uri;
    }

    private static ClientOptions options(RedisSettings settings) {
        var ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(settings.timeout().multipliedBy(5));
        if (settings.authorities() != null) {
            ssl.trustManager(settings.authorities().toFile());
        }
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(WAITING)
                .socketOptions(SocketOptions.builder().connectTimeout(settings.timeout()).keepAlive(true).build())
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .sslOptions(ssl.build())
                .build();
    }

    /// `heard` gets every message of `channel`, on a thread that must not be held up. Before [#start].
    void subscribe(String channel, Consumer<String> heard) {
        channels.put(channel, heard);
    }

    /// Runs, on a thread of its own, whenever Redis is back or may have forgotten this node. Before [#start].
    void onConnect(Runnable action) {
        onConnect.add(action);
    }

    /// Connects; waits only a moment when Redis does not answer.
    void start() {
        keeper.start();
        try {
            if (!tried.await(FIRST_CONNECT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("redis does not answer yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String node() {
        return node;
    }

    boolean connected() {
        var now = open;
        return now != null && now.isOpen();
    }

    /// Sends a command and waits for its answer. Throws [RedisAway].
    <T> T call(Function<RedisAsyncCommands<String, String>, RedisFuture<T>> command) {
        var now = open;
        if (now == null) {
            throw new RedisAway("not connected");
        }
        return call(now.commands(), command);
    }

    /// Runs a script; `args` as it says. Throws [RedisAway].
    <T> T run(Script script, ScriptOutputType returns, List<String> keys, String... args) {
        var now = open;
        if (now == null) {
            throw new RedisAway("not connected");
        }
        return run(now.commands(), script, returns, keys, args);
    }

    private <T> T run(
            StatefulRedisConnection<String, String> on, Script script, ScriptOutputType returns, List<String> keys, String... args) {
        var names = keys.toArray(String[]::new);
        try {
            return await(on.async().evalsha(script.hash(), returns, names, args));
        } catch (RedisNoScriptException unknown) {
            return call(on, c -> c.eval(script.text(), returns, names, args));
        } catch (RedisException e) {
            throw away(e);
        }
    }

    private <T> T call(
            StatefulRedisConnection<String, String> on, Function<RedisAsyncCommands<String, String>, RedisFuture<T>> command) {
        try {
            return await(command.apply(on.async()));
        } catch (RedisException e) {
            throw away(e);
        }
    }

    private RedisAway away(RedisException why) {
        if (why instanceof RedisCommandExecutionException && NOT_NOW.stream().noneMatch(String.valueOf(why.getMessage())::startsWith)) {
            LOG.error("redis refused a command", why); // a mistake of ours, or a key that is something else
        }
        LockSupport.unpark(keeper); // finds out by itself whether the connection is to blame
        return new RedisAway(String.valueOf(why.getMessage()));
    }

    private <T> T await(RedisFuture<T> answer) {
        try {
            if (!answer.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                answer.cancel(true);
                throw new RedisException("no answer within " + timeout.toMillis() + " ms");
            }
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RedisException known ? known : new RedisException(e.getCause());
        } catch (java.util.concurrent.CancellationException e) {
            throw new RedisException("the connection was closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted");
        }
    }

    private void keep() {
        var pause = FIRST_RETRY;
        boolean late = false;
        while (!closing) {
            var now = open;
            if (now == null) {
                pause = connect() ? BEAT : min(pause.multipliedBy(2), LAST_RETRY);
                late = false;
                tried.countDown();
            } else if (beat(now)) {
                late = false;
                pause = BEAT;
            } else if (late || !now.isOpen()) {
                drop(now);
                pause = FIRST_RETRY;
            } else {
                late = true; // one slow answer is no reason to let go of a connection
                pause = Duration.ZERO;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private boolean connect() {
        StatefulRedisConnection<String, String> commands = null;
        try {
            commands = client.connect();
            run(commands, Script.BEAT, ScriptOutputType.INTEGER, List.of(NODES), node, String.valueOf(GONE.toMillis()));
            var fresh = new Open(commands, listen());
            commands.addListener(new Nudge());
            fresh.listening().addListener(new Nudge());
            open = fresh;
            commands = null;
            lastBeat = System.nanoTime();
            LOG.info("redis connected node={}", node);
            told = false;
            tellConnected();
            return true;
        } catch (RedisException | RedisAway e) {
            if (!told) {
                LOG.warn("redis is away, limits are counted by each node and changes are looked for error={}", cause(e));
                told = true;
            }
            return false;
        } finally {
            if (commands != null) {
                commands.closeAsync();
            }
        }
    }

    private static String cause(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + e.getCause().getMessage();
    }

    private StatefulRedisPubSubConnection<String, String> listen() {
        var listening = client.connectPubSub();
        try {
            listening.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    var heard = channels.get(channel);
                    if (heard != null) {
                        heard.accept(message);
                    }
                }
            });
            if (!channels.isEmpty()) {
                listening.sync().subscribe(channels.keySet().toArray(String[]::new));
            }
            return listening;
        } catch (RedisException e) {
            listening.closeAsync();
            throw e;
        }
    }

    /// Wakes the keeper when a connection ends.
    private final class Nudge implements RedisConnectionStateListener {
        @Override
        public void onRedisDisconnected(io.lettuce.core.RedisChannelHandler<?, ?> connection) {
            LockSupport.unpark(keeper);
        }
    }

    private void tellConnected() {
        for (var action : onConnect) {
            Thread.ofVirtual().name("redis-back").start(() -> {
                try {
                    action.run();
                } catch (RedisAway again) {
                    LOG.debug("redis went away again error={}", again.getMessage());
                }
            });
        }
    }

    /// Both connections answer. After a silence so long that others think this node gone, it tells them again what it has.
    private boolean beat(Open now) {
        try {
            if (!now.isOpen()) {
                return false;
            }
            run(now.commands(), Script.BEAT, ScriptOutputType.INTEGER, List.of(NODES), node, String.valueOf(GONE.toMillis()));
            await(now.listening().async().ping());
            if (System.nanoTime() - lastBeat > GONE.toNanos() / 2) {
                tellConnected();
            }
            lastBeat = System.nanoTime();
            return true;
        } catch (RedisAway | RedisException e) {
            LOG.debug("redis did not answer error={}", e.getMessage());
            return false;
        }
    }

    private void drop(Open old) {
        open = null;
        old.close();
        LOG.warn("redis is away, limits are counted by each node and changes are looked for node={}", node);
        told = true;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(keeper);
        try {
            keeper.join(timeout.multipliedBy(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var last = open;
        open = null;
        if (last != null) {
            last.close();
        }
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
