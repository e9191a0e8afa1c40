package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Pintail against the WildDuck it takes over, both over the same MongoDB server and the same Redis: deliveries over LMTP, FETCH of a
/// mailbox with 10,000 messages. What counts is the CPU time of the mail servers' own processes; the database has work of its own.
/// WildDuck is found in `$PINTAIL_WILDDUCK` (where `npm install node @zone-eu/wildduck` was run), the database server by `--mongodb`.
final class WildDuckBench {
    private static final int MAILBOX = 10_000;
    private static final int FETCHES_BEFORE = 4; // rounds that do not count
    private static final int SESSIONS = 5;
    private static final int WARM = 30_000; // deliveries until the JIT compilers of the JVM rest
    private static final int WARM_FILES = 10_000; // of which each takes longer
    private static final int FILE = 30_000;
    private final Options options;
    private final Deliveries deliveries = new Deliveries();

    private WildDuckBench(Options options) {
        this.options = options;
    }

    /// What is measured.
    interface Part {
        void run(WildDuckBench bench, List<Peer> peers) throws IOException;
    }

    static void run(Options options, Path directory, Part part) throws IOException {
        var wildDuck = System.getenv("PINTAIL_WILDDUCK");
        var missing = options.withPeer() && wildDuck == null ? "PINTAIL_WILDDUCK is not set" : SharedServers.missing(options);
        if (!missing.isEmpty()) {
            System.out.println("wildduck: skipped, " + missing + "\n");
            return;
        }
        var bench = new WildDuckBench(options);
        var data = directory.resolve("pintail");
        try (var shared = SharedServers.start(options, directory)) {
            PintailServer.makeAccounts(options, directory, data, shared.keys());
            try (var pintail = PintailServer.serve(options, data, null, shared.keys())) {
                if (!options.withPeer()) {
                    part.run(bench, List.of(pintail));
                    return;
                }
                try (var peer = WildDuckServer.start(Path.of(wildDuck), directory, shared)) {
                    part.run(bench, List.of(pintail, peer));
                }
            }
        }
    }

    void deliveries(List<Peer> peers) throws IOException {
        var deliver = new Table(
                "LMTP to the mailbox",
                "messages", "sessions", "Pintail msg/s", "WildDuck msg/s", "ratio", "Pintail CPU ms/msg", "WildDuck CPU ms/msg", "WildDuck ÷ Pintail");
        for (var peer : peers) {
            deliveries.send(List.of(peer.lmtpPort()), 20, Options.share(peer, WARM), 0);
            deliveries.send(List.of(peer.lmtpPort()), SESSIONS, Options.share(peer, WARM_FILES), FILE);
            deliveries.send(List.of(peer.lmtpPort()), 1, Options.share(peer, WARM_FILES) / 2, 0);
            deliveries.withoutPipelining().send(List.of(peer.lmtpPort()), 1, Options.share(peer, WARM_FILES) / 2, 0);
        }
        for (int sessions : List.of(1, SESSIONS, 20)) {
            row(deliver, peers, deliveries, sessions, 0);
        }
        row(deliver, peers, deliveries, SESSIONS, FILE);
        for (int sessions : List.of(1, SESSIONS, 20)) {
            row(deliver, peers, deliveries.withoutPipelining(), sessions, 0);
        }
        deliver.end("Each session keeps its connection, and pipelines where nothing else is said; the accounts in turn.");
    }

    void fetches(List<Peer> peers) throws IOException {
        for (var peer : peers) {
            deliveries.fill(peer.lmtpPort(), SESSIONS, MAILBOX);
        }
        var fetch = new Table(
                "IMAP, 10,000 messages, one session",
                "command", "Pintail ms", "WildDuck ms", "ratio", "Pintail CPU ms/msg", "WildDuck CPU ms/msg", "WildDuck ÷ Pintail");
        fetch(fetch, peers, "FETCH 1:* (FLAGS)");
        fetch(fetch, peers, "FETCH 1:* (ENVELOPE)");
        fetch(fetch, peers, "FETCH 1:* (UID FLAGS RFC822.SIZE ENVELOPE BODYSTRUCTURE)");
        fetch(fetch, peers, "FETCH 1:* (BODY.PEEK[])");
        fetch.end("Warm, everything read by the client.");
    }

    private void row(Table table, List<Peer> peers, Deliveries client, int sessions, int attached) throws IOException {
        var pairs = Pairs.measure(peers, options.rounds(), peer -> {
            int messages = options.messages(peer) / (sessions == 1 || attached > 0 ? 4 : 1);
            return Sample.of(peer.processes(), () -> client.send(List.of(peer.lmtpPort()), sessions, messages, attached));
        });
        table.row(
                title(client, attached),
                Integer.toString(sessions),
                pairs.pintail("%.0f", Sample::perSecond),
                pairs.peer("%.0f", Sample::perSecond),
                pairs.ratio(Sample::perSecond),
                pairs.pintail("%.2f", Sample::cpuMillisEach),
                pairs.peer("%.2f", Sample::cpuMillisEach),
                pairs.times(Sample::cpuMillisEach));
    }

    private static String title(Deliveries client, int attached) {
        var message = attached > 0 ? "10 KB and a file of " + attached / 1000 + " KB" : "10 KB";
        return client.pipelines() ? message : message + ", a reply to each command";
    }

    private void fetch(Table table, List<Peer> peers, String command) throws IOException {
        var pairs = Pairs.measure(peers, FETCHES_BEFORE, options.rounds(), peer -> {
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                client.command("SELECT INBOX");
                return Sample.of(peer.processes(), () -> {
                    client.command(command);
                    return 1;
                });
            }
        });
        table.row(
                command,
                pairs.pintail("%.0f", Sample::millisEach),
                pairs.peer("%.0f", Sample::millisEach),
                pairs.ratio(Sample::millisEach),
                pairs.pintail("%.4f", s -> s.cpuMillisEach() / MAILBOX),
                pairs.peer("%.4f", s -> s.cpuMillisEach() / MAILBOX),
                pairs.times(Sample::cpuMillisEach));
    }
}
