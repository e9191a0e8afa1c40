package org.pintail.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts connections on one address, each served on a virtual thread of its own.
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BACKLOG = 1024;
    private static final Duration HANDSHAKE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    /// A client that takes nothing of what is written to it for so long has left, or wants to hold what it holds.
    private static final Duration STALL = Duration.ofMinutes(2);

    /// How often clients are looked for that have been silent, or have not read, for too long.
    static final Duration SWEEP = Duration.ofMillis(500);

    /// What a connection is used for; runs until the dialogue ends. The connection is closed afterwards.
    public interface Service {
        void serve(Connection connection) throws IOException;
    }

    /// `tlsFromStart`: implicit TLS. `proxyProtocol`: every client must begin with PROXY v1 or v2. `perAddress`: connections of one client address.
    public record Settings(
            String name, InetSocketAddress address, boolean tlsFromStart, boolean proxyProtocol, int maxConnections, int perAddress) {}

    private final Settings settings;
    private final Tls tls;
    private final Service service;
    private final ServerSocket server;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final Deflaters deflaters = new Deflaters();
    private final Duration stall;
    private volatile boolean draining;

    private Listener(Settings settings, Tls tls, Service service, ServerSocket server, Duration stall) {
        this.settings = settings;
        this.tls = tls;
        this.service = service;
        this.server = server;
        this.stall = stall;
    }

    /// Binds and begins to accept. Throws `BindException` when the address is in use.
    public static Listener open(Settings settings, Tls tls, Service service) throws IOException {
        return open(settings, tls, service, STALL);
    }

    /// The same with the time after which a client that does not read is left.
    public static Listener open(Settings settings, Tls tls, Service service, Duration stall) throws IOException {
        var server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(settings.address(), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var listener = new Listener(settings, tls, service, server, stall);
        Thread.ofPlatform().daemon().name("accept-" + settings.name()).start(listener::accept);
        Thread.ofVirtual().name("sweep-" + settings.name()).start(listener::sweep);
        return listener;
    }

    private void sweep() {
        long pause = Math.min(SWEEP.toNanos(), stall.toNanos() / 4);
        while (!server.isClosed() || !connections.isEmpty()) {
            LockSupport.parkNanos(pause);
            long now = System.nanoTime();
            for (var connection : connections) {
                connection.lookAfter(now);
                if (connection.stalled(stall)) {
                    LOG.debug("client does not read listener={} ip={} session={}", settings.name(), connection.remoteIp(), connection.session());
                    connection.abort();
                }
            }
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                admit(server.accept());
            } catch (IOException e) {
                if (!server.isClosed()) {
                    // out of file descriptors, most likely: wait for some to come back
                    LOG.warn("accept failed listener={} error={}", settings.name(), e.toString());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            }
        }
    }

    /// Behind a proxy all connections come from its address: there the client's is counted, once its header was read.
    private void admit(Socket socket) throws IOException {
        var ip = socket.getInetAddress();
        boolean full = draining || connections.size() >= settings.maxConnections();
        if (full || !settings.proxyProtocol() && !enter(ip)) {
            refuse(ip);
            socket.close();
            return;
        }
        socket.setTcpNoDelay(true);
        Connection connection;
        try {
            connection = new Connection(socket, this, tls, sessionId());
        } catch (IOException e) {
            if (!settings.proxyProtocol()) {
                release(ip);
            }
            socket.close();
            LOG.debug("connection lost listener={} error={}", settings.name(), e.toString());
            return;
        }
        connections.add(connection);
        Thread.ofVirtual().name(settings.name() + "-" + connection.session()).start(() -> run(connection, ip));
    }

    private void refuse(InetAddress ip) {
        LOG.debug("connection refused listener={} ip={} open={}", settings.name(), ip.getHostAddress(), connections.size());
    }

    private void run(Connection connection, InetAddress ip) {
        var counted = settings.proxyProtocol() ? null : ip;
        try {
            connection.timeout(HANDSHAKE);
            if (settings.proxyProtocol()) {
                ProxyHeader.read(connection);
                var client = connection.remote().getAddress();
                if (!enter(client)) {
                    refuse(client);
                    return;
                }
                counted = client;
            }
            if (settings.tlsFromStart()) {
                connection.startTls();
            }
            service.serve(connection);
        } catch (SSLException e) {
            LOG.debug("tls failed listener={} ip={} session={} error={}", settings.name(), connection.remoteIp(), connection.session(), e.toString());
        } catch (IOException e) {
            LOG.debug("connection ended listener={} ip={} session={} error={}", settings.name(), connection.remoteIp(), connection.session(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("connection failed listener={} ip={} session={}", settings.name(), connection.remoteIp(), connection.session(), e);
        } finally {
            connection.release();
            connections.remove(connection);
            if (counted != null) {
                release(counted);
            }
        }
    }

    /// False, and nothing counted, when that address has as many connections as it may.
    private boolean enter(InetAddress ip) {
        if (perAddress.merge(ip, 1, Integer::sum) <= settings.perAddress()) {
            return true;
        }
        release(ip);
        return false;
    }

    private void release(InetAddress ip) {
        perAddress.computeIfPresent(ip, (_, n) -> n > 1 ? n - 1 : null);
    }

    private static String sessionId() {
        var random = ThreadLocalRandom.current();
        var id = new char[16];
        for (int i = 0; i < id.length; i++) {
            id[i] = BASE32.charAt(random.nextInt(32));
        }
        return new String(id);
    }

    /// The bound address (with the real port).
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    public int connections() {
        return connections.size();
    }

    boolean draining() {
        return draining;
    }

    Deflaters deflaters() {
        return deflaters;
    }

    /// Stops accepting, tells connections to drain (those that wait for a command are told at once), waits up to `grace` for them, then closes what is left.
    public void drain(Duration grace) {
        draining = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("listener not closed listener={} error={}", settings.name(), e.toString());
        }
        connections.forEach(Connection::stopWaiting);
        long until = System.nanoTime() + grace.toNanos();
        while (!connections.isEmpty() && System.nanoTime() < until) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        connections.forEach(Connection::close);
        deflaters.close();
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
