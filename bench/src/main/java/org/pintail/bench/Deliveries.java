package org.pintail.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Messages over LMTP to the accounts in turn, each session over a connection of its own.
final class Deliveries {
    private final AtomicInteger number;
    private final boolean pipelining;

    Deliveries() {
        this(new AtomicInteger(), true);
    }

    private Deliveries(AtomicInteger number, boolean pipelining) {
        this.number = number;
        this.pipelining = pipelining;
    }

    /// Further messages, with a reply to each command before the next is sent.
    Deliveries withoutPipelining() {
        return new Deliveries(number, false);
    }

    boolean pipelines() {
        return pipelining;
    }

    /// `attached`: with a file of that many bytes in base64. Session i goes to the i-th of the ports, then from the first again. Returns how many it was.
    int send(List<Integer> ports, int sessions, int messages, int attached) throws IOException {
        int each = Math.max(1, messages / sessions);
        Load.run(sessions, session -> {
            try (var client = new LmtpClient(ports.get(session % ports.size()), pipelining)) {
                for (int i = 0; i < each; i++) {
                    int n = number.incrementAndGet();
                    var message = attached > 0 ? TestMessage.withFile(n, attached) : TestMessage.of(n);
                    client.send(Peer.user(1 + n % (Peer.USERS - 1)) + "@" + Peer.DOMAIN, message);
                }
            }
        });
        return each * sessions;
    }

    /// All to the first account.
    void fill(int port, int sessions, int messages) throws IOException {
        Load.run(sessions, session -> {
            try (var client = new LmtpClient(port, pipelining)) {
                for (int i = session; i < messages; i += sessions) {
                    client.send(Peer.user(0) + "@" + Peer.DOMAIN, TestMessage.of(i));
                }
            }
        });
    }
}
