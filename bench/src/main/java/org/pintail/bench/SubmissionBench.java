package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/// How many messages of 10 KB go from an authenticated client through the queue to the next server, and at what cost? Every message is
/// durable in the queue before the client hears 250. Time ends when `smtp-sink` has the last one. Accounts keep no Sent copy.
final class SubmissionBench {
    private final Options options;
    private final Path directory;
    private final SmtpSink sink;
    private int sentSoFar;

    private SubmissionBench(Options options, Path directory, SmtpSink sink) {
        this.options = options;
        this.directory = directory;
        this.sink = sink;
    }

    static void run(Options options, Path directory) throws IOException {
        try (var sink = SmtpSink.start();
                var pintail = PintailServer.start(options, directory, sink.port())) {
            var bench = new SubmissionBench(options, directory, sink);
            bench.send(pintail, 20, true, options.messages());
            bench.send(pintail, 20, true, options.messages());
            if (!options.withPeer()) {
                bench.table(pintail, List.of(pintail));
                return;
            }
            try (var peer = DebianServers.start(directory, sink.port())) {
                bench.table(pintail, List.of(pintail, peer));
            }
        }
    }

    private void table(PintailServer pintail, List<Peer> peers) throws IOException {
        var table = new Table(
                "Submission with AUTH to a sink, 10 KB",
                "sessions", "Pintail msg/s", "of that accepted/s", "Postfix msg/s", "ratio", "Pintail CPU ms/msg", "Postfix CPU ms/msg", "ratio",
                "Pintail syncs/msg");
        for (int sessions : List.of(1, 5, 20)) {
            row(table, pintail, peers, sessions, true);
        }
        row(table, pintail, peers, 20, false);
        table.end("Messages per second until the sink has the last one; \"accepted\" until the client has heard the last 250. Sessions keep their"
                + " connection but for the last row, where every message has a connection and an AUTH of its own.");
    }

    private void row(Table table, PintailServer pintail, List<Peer> peers, int sessions, boolean keep) throws IOException {
        var accepted = new AtomicReference<>(0.0);
        var pairs = Pairs.measure(peers, options.rounds(), peer -> {
            int messages = options.messages(peer) / (sessions == 1 ? 4 : 1);
            long begin = System.nanoTime();
            return Sample.of(peer.processes(), () -> {
                int sent = accept(peer, sessions, keep, messages);
                if (peer == pintail) {
                    accepted.set(sent * 1e9 / (System.nanoTime() - begin));
                }
                return sent;
            }, () -> delivered(peer));
        });
        table.row(
                sessions + (keep ? "" : ", reconnecting"),
                pairs.pintail("%.0f", Sample::perSecond),
                String.format(Locale.ROOT, "%.0f", accepted.get()),
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

    private int send(Peer peer, int sessions, boolean keep, int messages) throws IOException {
        int sent = accept(peer, sessions, keep, messages);
        delivered(peer);
        return sent;
    }

    private int accept(Peer peer, int sessions, boolean keep, int messages) throws IOException {
        int each = Math.max(1, messages / sessions);
        Load.run(sessions, number -> {
            var user = Peer.user(number);
            var from = user + "@" + Peer.DOMAIN;
            var message = TestMessage.of(number, from);
            for (int i = 0; i < each; ) {
                try (var client = new SubmissionClient(peer.submissionPort(), user)) {
                    do {
                        client.send(from, "someone@sink.test", message);
                        i++;
                    } while (keep && i < each);
                }
            }
        });
        sentSoFar += each * sessions;
        return each * sessions;
    }

    private void delivered(Peer peer) throws IOException {
        sink.await(sentSoFar);
        peer.awaitDelivered();
    }
}
