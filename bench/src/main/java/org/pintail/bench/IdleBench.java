package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What do waiting IMAP sessions cost? Each has logged in, selected INBOX and sits in IDLE. What the memory grows by from the first ones to
/// many: what a server needs for the first does not count. Pintail has had as many sessions before as will wait, for a JVM compiles what it does
/// often, and what waits in compiled code takes half of the stack.
final class IdleBench {
    private static final int SOME = 1_000;
    private static final int MANY = 10_000;
    private static final int DOVECOTS_SOME = 100;
    private static final int DOVECOTS_MANY = 500;
    private static final long HIBERNATION_SECONDS = 20; // Dovecot's sessions hibernate after 5, their processes end 5 later

    private IdleBench() {}

    static void run(Options options, Path directory) throws IOException {
        var table = new Table(
                "Idle IMAP sessions",
                "server", "sessions", "memory MB", "sessions", "memory MB", "KB for one more", "of that heap");
        int nobody = Ports.free();
        for (boolean tls : List.of(false, true)) {
            var own = Files.createDirectory(directory.resolve(tls ? "tls" : "plain"));
            try (var pintail = PintailServer.start(options, own, nobody)) {
                int port = tls ? pintail.imapsPort() : pintail.imapPort();
                for (int i = 0; i < MANY; i += SOME) {
                    warm(port, tls);
                }
                var some = new Point(SOME, () -> Memory.of(pintail));
                row(table, tls ? "Pintail, TLS" : "Pintail", port, tls, some, new Point(MANY, () -> Memory.of(pintail)));
            }
        }
        if (options.withPeer()) {
            try (var peer = DebianServers.start(directory, nobody, DebianServers.Format.SDBOX)) {
                for (boolean tls : List.of(false, true)) {
                    int port = tls ? peer.imapsPort() : peer.imapPort();
                    var some = new Point(DOVECOTS_SOME, () -> Memory.of(peer));
                    row(table, tls ? "Dovecot, TLS" : "Dovecot", port, tls, some, new Point(DOVECOTS_MANY, () -> Memory.of(peer)));
                }
            }
        }
        table.end("Memory is the proportional set size of all processes, for Pintail after a full collection; of Dovecot when sessions hibernate.");
    }

    private record Memory(long kib, long heap) {
        static Memory of(PintailServer pintail) throws IOException {
            long heap = pintail.heapKib();
            return new Memory(pintail.processes().memoryKib(), heap);
        }

        static Memory of(DebianServers peer) throws IOException {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(HIBERNATION_SECONDS));
            return new Memory(peer.dovecot().memoryKib(), 0);
        }
    }

    private interface Look {
        Memory look() throws IOException;
    }

    private record Point(int sessions, Look look) {}

    private static void row(Table table, String name, int port, boolean tls, Point some, Point many) throws IOException {
        var clients = new ArrayList<ImapClient>();
        try {
            open(clients, port, tls, some.sessions());
            var before = some.look().look();
            open(clients, port, tls, many.sessions());
            var after = many.look().look();
            int more = many.sessions() - some.sessions();
            table.row(
                    name,
                    Integer.toString(some.sessions()),
                    String.format(Locale.ROOT, "%.0f", before.kib() / 1024.0),
                    Integer.toString(many.sessions()),
                    String.format(Locale.ROOT, "%.0f", after.kib() / 1024.0),
                    String.format(Locale.ROOT, "%.1f", (after.kib() - before.kib()) / (double) more),
                    after.heap() == 0 ? "–" : String.format(Locale.ROOT, "%.1f", (after.heap() - before.heap()) / (double) more));
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static void warm(int port, boolean tls) throws IOException {
        var clients = new ArrayList<ImapClient>();
        open(clients, port, tls, SOME);
        for (var client : clients) {
            client.close();
        }
    }

    private static void open(List<ImapClient> clients, int port, boolean tls, int upTo) throws IOException {
        while (clients.size() < upTo) {
            var client = ImapClient.idler(port, Peer.user(clients.size()), tls);
            clients.add(client);
            client.command("SELECT INBOX");
            client.idle();
        }
    }
}
