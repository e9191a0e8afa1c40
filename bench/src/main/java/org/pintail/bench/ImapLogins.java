package org.pintail.bench;

import java.io.IOException;

/// A client that connects, logs in, selects INBOX and logs out, again and again.
final class ImapLogins {
    private static final int TIMES = 1500;
    private static final int BEFORE = 3; // 4,500 logins: a JVM compiles for the first thousands

    private ImapLogins() {}

    static void measure(ImapLines lines) throws IOException {
        lines.line("login, SELECT, logout", BEFORE, peer -> logins(peer, false));
        lines.line("login, SELECT, logout over TLS", BEFORE, peer -> logins(peer, true));
    }

    private static Sample logins(Peer peer, boolean tls) throws IOException {
        int port = tls ? peer.imapsPort() : peer.imapPort();
        return Sample.of(peer.processes(), () -> {
            for (int i = 0; i < TIMES; i++) {
                try (var client = ImapClient.idler(port, Peer.user(i), tls)) {
                    client.command("SELECT INBOX");
                    client.command("LOGOUT");
                }
            }
            return TIMES;
        });
    }
}
