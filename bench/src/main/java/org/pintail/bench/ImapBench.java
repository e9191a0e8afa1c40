package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// IMAP against a tuned Dovecot with sdbox: APPEND of 10 KB messages, what clients ask of a mailbox they know ([ImapCommands]), what is done once
/// with messages ([ImapOnce]), how much a login costs ([ImapLogins]), and how soon clients in IDLE learn of a message ([ImapNews]).
final class ImapBench {
    private static final int WARM = 20_000;
    private final Options options;
    private final AtomicInteger mailboxes = new AtomicInteger();

    private ImapBench(Options options) {
        this.options = options;
    }

    static void run(Options options, Path directory) throws IOException {
        var bench = new ImapBench(options);
        int nobody = Ports.free();
        try (var pintail = PintailServer.start(options, directory, nobody)) {
            if (!options.withPeer()) {
                bench.tables(List.of(pintail));
                return;
            }
            try (var peer = DebianServers.start(directory, nobody, DebianServers.Format.SDBOX)) {
                bench.tables(List.of(pintail, peer));
            }
        }
    }

    private void tables(List<Peer> peers) throws IOException {
        appends(peers);
        var table = new Table(
                "IMAP, one session",
                "what", "Pintail ms", "Dovecot ms", "ratio", "Pintail CPU ms", "Dovecot CPU ms", "ratio");
        var lines = new ImapLines(options, peers, table);
        new ImapCommands(lines).measure();
        new ImapOnce(lines).measure();
        ImapLogins.measure(lines);
        table.end("Median times. Each line is done some thousands of times before it is measured, by both: a JVM compiles what it does often.");
        new ImapNews(options, peers).measure();
    }

    private void appends(List<Peer> peers) throws IOException {
        if (!Pattern.compile(options.lines()).matcher("APPEND").find()) {
            return;
        }
        var table = new Table(
                "IMAP APPEND, 10 KB",
                "sessions", "Pintail msg/s", "Dovecot msg/s", "ratio", "Pintail CPU ms/msg", "Dovecot CPU ms/msg", "ratio");
        for (var peer : peers) {
            append(peer, 20, WARM);
            append(peer, 1, WARM / 2);
        }
        for (int sessions : List.of(1, 5, 20)) {
            var pairs = Pairs.measure(peers, options.rounds(), peer -> {
                int share = sessions == 1 ? 4 : 1;
                return Sample.of(peer.processes(), () -> append(peer, sessions, options.messages(peer) / share));
            });
            table.row(
                    Integer.toString(sessions),
                    pairs.pintail("%.0f", Sample::perSecond),
                    pairs.peer("%.0f", Sample::perSecond),
                    pairs.ratio(Sample::perSecond),
                    pairs.pintail("%.2f", Sample::cpuMillisEach),
                    pairs.peer("%.2f", Sample::cpuMillisEach),
                    pairs.ratio(Sample::cpuMillisEach));
        }
        table.end("Each session appends to a new mailbox of an account of its own. Before that " + WARM + " messages came in twenty sessions and half as many in one.");
    }

    private int append(Peer peer, int sessions, int messages) throws IOException {
        int each = Math.max(1, messages / sessions);
        var mailbox = "append" + mailboxes.incrementAndGet();
        Load.run(sessions, number -> {
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(number))) {
                client.command("CREATE " + mailbox);
                for (int i = 0; i < each; i++) {
                    client.append(mailbox, TestMessage.of(i));
                }
            }
        });
        return each * sessions;
    }
}
