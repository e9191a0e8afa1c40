package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many messages of 10 KB are accepted over SMTP and durable in their mailbox, and at what cost? Pintail's MX against Postfix that hands
/// them to Dovecot over LMTP. Each session writes to a mailbox of its own; time ends when the last message is in its mailbox.
final class MxBench {
    private static final int SIZE = 10 * 1024;
    private final Options options;
    private final Path directory;

    private MxBench(Options options, Path directory) {
        this.options = options;
        this.directory = directory;
    }

    static void run(Options options, Path directory) throws IOException {
        var bench = new MxBench(options, directory);
        int nobody = Ports.free();
        try (var pintail = PintailServer.start(options, directory, nobody)) {
            bench.send(pintail, 20, true, options.messages());
            bench.send(pintail, 20, true, options.messages());
            if (!options.withPeer()) {
                bench.table(pintail, List.of(pintail));
                return;
            }
            try (var peer = DebianServers.start(directory, nobody)) {
                bench.table(pintail, List.of(pintail, peer));
            }
        }
    }

    private void table(PintailServer pintail, List<Peer> peers) throws IOException {
        var table = new Table(
                "SMTP to the mailbox, 10 KB",
                "sessions", "Pintail msg/s", "Postfix + Dovecot msg/s", "ratio", "Pintail CPU ms/msg", "Postfix + Dovecot CPU ms/msg", "ratio",
                "Pintail syncs/msg");
        for (int sessions : List.of(1, 5, 20)) {
            row(table, pintail, peers, sessions, true);
        }
        row(table, pintail, peers, 20, false);
        table.end("Each session keeps its connection but for the last row, where every message has a connection of its own.");
    }

    private void row(Table table, PintailServer pintail, List<Peer> peers, int sessions, boolean keep) throws IOException {
        var pairs = Pairs.measure(peers, options.rounds(), peer -> {
            int share = sessions == 1 ? 4 : 1;
            return Sample.of(peer.processes(), () -> send(peer, sessions, keep, options.messages(peer) / share));
        });
        table.row(
                sessions + (keep ? "" : ", reconnecting"),
                pairs.pintail("%.0f", Sample::perSecond),
                pairs.peer("%.0f", Sample::perSecond),
                pairs.ratio(Sample::perSecond),
                pairs.pintail("%.2f", Sample::cpuMillisEach),
                pairs.peer("%.2f", Sample::cpuMillisEach),
                pairs.ratio(Sample::cpuMillisEach),
                syncs(pintail, sessions, keep));
    }

    private String syncs(PintailServer pintail, int sessions, boolean keep) throws IOException {
        if (!SyncCount.available()) {
            return "–";
        }
        var count = SyncCount.start(directory, pintail.pid());
        int messages = send(pintail, sessions, keep, options.messages() / 4);
        return String.format(Locale.ROOT, "%.2f", count.end() / (double) messages);
    }

    /// One `smtp-source` per session, so that each has its own recipient. Returns how many messages it was.
    private int send(Peer peer, int sessions, boolean keep, int messages) throws IOException {
        int each = Math.max(1, messages / sessions);
        var running = new ArrayList<Process>();
        for (int i = 0; i < sessions; i++) {
            var command = new ArrayList<>(List.of("smtp-source"));
            if (keep) {
                command.add("-d");
            }
            command.addAll(List.of(
                    "-s", "1", "-m", Integer.toString(each), "-l", Integer.toString(SIZE), "-f", "sender@source.test", "-t",
                    Peer.user(i) + "@" + Peer.DOMAIN, "127.0.0.1:" + peer.mxPort()));
            running.add(Tool.start(directory.resolve("smtp-source.log"), command));
        }
        for (var process : running) {
            Tool.await(process, List.of("smtp-source"));
        }
        peer.awaitDelivered();
        return each * sessions;
    }
}
