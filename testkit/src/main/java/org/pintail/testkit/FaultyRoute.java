package org.pintail.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A port that leads to another server, and can be cut or made slow in between.
public final class FaultyRoute implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile Duration delay = Duration.ZERO;

    private FaultyRoute(ServerSocket server, InetSocketAddress target) {
        this.server = server;
        this.target = target;
    }

    public static FaultyRoute to(InetSocketAddress target) throws IOException {
        var route = new FaultyRoute(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target);
        Thread.ofPlatform().daemon().name("faulty-route").start(route::accept);
        return route;
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Ends every connection and refuses new ones.
    public void cut() {
        cut = true;
        open.forEach(FaultyRoute::end);
    }

    public void mend() {
        cut = false;
    }

    /// Each piece of an answer comes so much later.
    public void slow(Duration by) {
        delay = by;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                if (cut) {
                    end(client);
                    continue;
                }
                join(client);
            } catch (IOException e) {
                open.removeIf(Socket::isClosed); // this route was closed
            }
        }
    }

    private void join(Socket client) {
        var onward = new Socket();
        try {
            onward.connect(target);
        } catch (IOException nobody) {
            end(client); // it notices as it would without us
            return;
        }
        open.add(client);
        open.add(onward);
        Thread.ofVirtual().start(() -> carry(client, onward, false));
        Thread.ofVirtual().start(() -> carry(onward, client, true));
    }

    private void carry(Socket from, Socket to, boolean answer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            var bytes = new byte[CHUNK];
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                if (answer && delay.isPositive()) {
                    Thread.sleep(delay);
                }
                to.getOutputStream().write(bytes, 0, n);
            }
        } catch (IOException e) {
            end(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
