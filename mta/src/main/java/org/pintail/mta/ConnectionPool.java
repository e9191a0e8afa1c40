package org.pintail.mta;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.certificate.CertificateCheck;
import org.pintail.smtp.SmtpClient;

/// Open connections to other servers that just finished a message: the next one for the same server need not greet again.
final class ConnectionPool implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final int MESSAGES = 100;
    private static final int IDLE_PER_SERVER = 20;
    private final Map<Server, ArrayDeque<Pooled>> idle = new HashMap<>();

    /// Where a connection leads and what was asked of it (see [Security]): one that was opened for less must not carry mail that needs more.
    record Server(InetSocketAddress address, String name, boolean enforced, @Nullable CertificateCheck check) {}

    /// A connection and how often it was used.
    record Pooled(SmtpClient client, Server server, int used, long since) {}

    @Nullable Pooled take(Server server) {
        var stale = new ArrayList<Pooled>();
        @Nullable Pooled found = null;
        synchronized (this) {
            var queue = idle.get(server);
            while (queue != null && found == null && !queue.isEmpty()) {
                var candidate = queue.removeLast();
                if (System.nanoTime() - candidate.since() < IDLE.toNanos()) {
                    found = candidate;
                } else {
                    stale.add(candidate);
                }
            }
        }
        stale.forEach(p -> p.client().close());
        return found;
    }

    Pooled open(Server server, SmtpClient.Settings settings) throws IOException {
        return new Pooled(SmtpClient.connect(server.address(), server.name(), settings), server, 0, System.nanoTime());
    }

    /// Gives a connection back after a transaction that left it in order.
    void give(Pooled used) {
        boolean keep = used.used() + 1 < MESSAGES;
        if (keep) {
            synchronized (this) {
                var queue = idle.computeIfAbsent(used.server(), _ -> new ArrayDeque<>());
                keep = queue.size() < IDLE_PER_SERVER;
                if (keep) {
                    queue.addLast(new Pooled(used.client(), used.server(), used.used() + 1, System.nanoTime()));
                }
            }
        }
        if (!keep) {
            used.client().close();
        }
    }

    /// Closes what was idle too long.
    void sweep() {
        List<Pooled> stale = new ArrayList<>();
        synchronized (this) {
            for (var queue : idle.values()) {
                while (!queue.isEmpty() && System.nanoTime() - queue.getFirst().since() > IDLE.toNanos()) {
                    stale.add(queue.removeFirst());
                }
            }
            idle.values().removeIf(ArrayDeque::isEmpty);
        }
        stale.forEach(p -> p.client().close());
    }

    @Override
    public void close() {
        List<Pooled> all = new ArrayList<>();
        synchronized (this) {
            idle.values().forEach(all::addAll);
            idle.clear();
        }
        all.forEach(p -> p.client().close());
    }
}
