package org.pintail.system;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.pintail.testkit.RedisProcess;

/// Two nodes, HAProxy in front, Redis (with a replica and a Sentinel where it is local), and a MongoDB: that of `PINTAIL_TEST_MONGODB_URL`,
/// or a stand-in in this process.
final class TestCluster implements AutoCloseable {
    private static final List<String> SECTIONS = List.of("mx", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "api", "health");
    private static final int PATIENCE_SECONDS = 60;
    private final Path directory;
    private final Layout layout;
    private final MongoServer mongo;
    private final String mongoUrl;
    private final RedisProcess master;
    private final @Nullable RedisProcess replica;
    private final @Nullable RedisProcess sentinel;
    private final List<HaproxyProcess.Node> places = new ArrayList<>();
    private final List<ServerProcess> nodes = new ArrayList<>();
    private final HaproxyProcess haproxy;
    private final CapturingServer outside;
    private final HttpClient http = HttpClient.newHttpClient();

    /// Where things are.
    ///
    /// @param database address of the stand-in
    /// @param redis address of Redis; null: on the loopback, with a replica and a Sentinel
    /// @param nodes addresses of the nodes
    /// @param by what starts each node
    /// @param bothDeliver false: only the second node sends what is queued
    record Layout(String database, @Nullable String redis, List<String> nodes, List<List<String>> by, boolean bothDeliver) {
        static final Layout LOCAL = new Layout("127.0.0.1", null, List.of("127.0.0.1", "127.0.0.1"), List.of(List.of(), List.of()), false);
    }

    private TestCluster(Path directory, Layout layout) throws IOException {
        this.directory = directory;
        this.layout = layout;
        var given = System.getenv("PINTAIL_TEST_MONGODB_URL");
        mongo = new MongoServer(new MemoryBackend().version(ServerVersion.MONGO_5_0));
        mongo.bind(layout.database(), 0);
        mongoUrl = given == null ? "mongodb://" + layout.database() + ":" + mongo.getLocalAddress().getPort() + "/cluster" : given;
        if (layout.redis() == null) {
            master = RedisProcess.start(directory.resolve("redis1"));
            replica = RedisProcess.start(directory.resolve("redis2"), "--replicaof", "127.0.0.1 " + master.port());
            sentinel = RedisProcess.sentinel(
                    directory.resolve("sentinel"),
                    "sentinel monitor mail 127.0.0.1 " + master.port() + " 1\nsentinel down-after-milliseconds mail 1000\n"
                            + "sentinel failover-timeout mail 3000\n");
        } else {
            master = RedisProcess.start(directory.resolve("redis1"), "--bind", "127.0.0.1 " + layout.redis(), "--protected-mode", "no");
            replica = null;
            sentinel = null;
        }
        outside = CapturingServer.start();
        for (int n = 0; n < 2; n++) {
            Map<String, Integer> ports = new HashMap<>();
            for (var section : SECTIONS) {
                ports.put(section, RedisProcess.freePort());
            }
            places.add(new HaproxyProcess.Node(layout.nodes().get(n), ports));
            nodes.add(startNode(n));
        }
        haproxy = HaproxyProcess.start(directory.resolve("haproxy"), places);
    }

    static TestCluster start(Path directory) throws IOException {
        return start(directory, Layout.LOCAL);
    }

    static TestCluster start(Path directory, Layout layout) throws IOException {
        Assumptions.assumeTrue(RedisProcess.installed(), RedisProcess.missing());
        Assumptions.assumeTrue(HaproxyProcess.installed(), "haproxy is not installed");
        return new TestCluster(directory, layout);
    }

    private ServerProcess startNode(int n) throws IOException {
        var place = places.get(n);
        var at = place.address() + ":";
        var redis = sentinel == null
                ? "redis://" + layout.redis() + ":" + master.port()
                : "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#mail";
        var settings = new ArrayList<>(List.of(
                "store.engine=mongodb", "store.url=" + mongoUrl, "cluster.engine=redis",
                "cluster.url=" + redis, "health.listen=" + at + place.port("health"),
                "server.drain=10s", "delivery.route=127.0.0.1:" + outside.port(), "imap.connections-per-user=3"));
        for (var section : List.of("mx", "submission", "imap", "pop3", "api")) {
            settings.add(section + ".listen=" + at + place.port(section));
        }
        for (var section : List.of("submission", "imap", "pop3")) {
            settings.add(section + ".listen-tls=" + at + place.port(section + "s"));
        }
        for (var section : List.of("mx", "submission", "imap", "pop3")) {
            settings.add(section + ".proxy-protocol=true");
        }
        var roles = n == 0 && !layout.bothDeliver() ? "mx,submission,imap,pop3,api" : "mx,submission,imap,pop3,api,delivery,jobs";
        return ServerProcess.start(directory.resolve("node" + n), layout.by().get(n), List.of("--roles", roles), settings.toArray(String[]::new));
    }

    ServerProcess node(int n) {
        return nodes.get(n);
    }

    /// SIGKILL.
    void kill(int n) {
        nodes.get(n).kill();
    }

    /// Everything runs again, and HAProxy knows.
    void whole() throws IOException, InterruptedException {
        for (int n = 0; n < nodes.size(); n++) {
            if (!nodes.get(n).alive()) {
                nodes.set(n, startNode(n));
            }
        }
        TimeUnit.SECONDS.sleep(4); // two checks a second apart, and the nodes' look after connecting
    }

    /// Kills the master of Redis; the Sentinel makes the replica master.
    void killRedis() {
        master.kill();
    }

    /// Empties Redis, whichever is master.
    void flushRedis() throws IOException {
        var redis = master.alive() || replica == null ? master : replica;
        redis.command("FLUSHALL");
    }

    CapturingServer outside() {
        return outside;
    }

    HaproxyProcess haproxy() {
        return haproxy;
    }

    /// Straight to a node, as the proxy would come.
    LineClient direct(int n, String section) throws IOException {
        var client = new LineClient(new InetSocketAddress(places.get(n).address(), places.get(n).port(section)));
        client.send("PROXY TCP4 127.0.0.1 127.0.0.1 40000 143"); // from the loopback, where passwords may come in clear
        return client;
    }

    LineClient imap(int n, String user) throws IOException {
        var client = direct(n, "imap");
        client.read();
        var reply = client.imap("LOGIN " + user + " secret-password").getLast();
        if (!reply.startsWith("x OK")) {
            client.close();
            throw new IOException(reply);
        }
        return client;
    }

    ApiClient api(int n) {
        return new ApiClient(new InetSocketAddress(places.get(n).address(), places.get(n).port("api")));
    }

    String ready(int n) throws IOException {
        try {
            var uri = URI.create("http://" + places.get(n).address() + ":" + places.get(n).port("health") + "/health/ready");
            var reply = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            return reply.statusCode() + " " + reply.body().strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// A condition that is to be reached.
    interface Condition {
        boolean reached() throws IOException;
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.reached()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not in time: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
        haproxy.close();
        nodes.forEach(ServerProcess::kill);
        outside.close();
        if (sentinel != null) {
            sentinel.close();
        }
        if (replica != null) {
            replica.close();
        }
        master.close();
        mongo.shutdownNow();
    }
}
