package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What do waiting IMAP sessions cost? Each has logged in, selected INBOX and sits in IDLE. Pintail with 5,000 of them; Dovecot, which has a
/// process for each, with 500.
final class IdleBench {
    private static final int MANY = 5_000;
    private static final int FEW = 500;

    private IdleBench() {}

    static void run(Options options, Path directory) throws IOException {
        var table = new Table("Idle IMAP sessions", "server", "sessions", "memory before MB", "memory with them MB", "KB a session", "heap KB a session");
        int nobody = Ports.free();
        for (boolean tls : List.of(false, true)) {
            var own = java.nio.file.Files.createDirectory(directory.resolve(tls ? "tls" : "plain"));
            try (var pintail = PintailServer.start(options, own, nobody)) {
                long heap = pintail.heapKib();
                var memory = memory(pintail, tls ? pintail.imapsPort() : pintail.imapPort(), MANY, tls, () -> pintail.heapKib());
                row(table, tls ? "Pintail, TLS" : "Pintail", MANY, memory, String.format(Locale.ROOT, "%.1f", (memory.heap() - heap) / (double) MANY));
            }
        }
        if (options.withPeer()) {
            try (var peer = DebianServers.start(directory, nobody)) {
                row(table, "Dovecot", FEW, memory(peer, peer.imapPort(), FEW, false, () -> 0), "–");
            }
        }
        table.end("Memory is the proportional set size of all processes, for Pintail after a full collection.");
    }

    private record Memory(long before, long after, long heap) {}

    private interface Heap {
        long kib() throws IOException;
    }

    private static Memory memory(Peer peer, int port, int sessions, boolean tls, Heap heap) throws IOException {
        var processes = peer instanceof DebianServers debian ? debian.dovecot() : peer.processes();
        ImapClient.idler(port, Peer.user(0), tls).close();
        long before = processes.memoryKib();
        var clients = new ArrayList<ImapClient>();
        try {
            for (int i = 0; i < sessions; i++) {
                var client = ImapClient.idler(port, Peer.user(i), tls);
                clients.add(client);
                client.command("SELECT INBOX");
                client.idle();
            }
            long used = heap.kib();
            return new Memory(before, processes.memoryKib(), used);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static void row(Table table, String name, int sessions, Memory memory, String heap) {
        table.row(
                name,
                Integer.toString(sessions),
                String.format(Locale.ROOT, "%.0f", memory.before() / 1024.0),
                String.format(Locale.ROOT, "%.0f", memory.after() / 1024.0),
                String.format(Locale.ROOT, "%.1f", (memory.after() - memory.before()) / (double) sessions),
                heap);
    }
}
