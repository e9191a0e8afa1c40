package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// IMAP against Dovecot with Maildir: APPEND of 10 KB messages; FETCH of all messages of a mailbox with 10,000; SELECT of one with 100,000.
final class ImapBench {
    private static final int MAILBOX = 10_000;
    private static final int COPIES = 10;
    private static final int FILLERS = 10;
    private final Options options;
    private final AtomicInteger mailboxes = new AtomicInteger();

    private ImapBench(Options options) {
        this.options = options;
    }

    static void run(Options options, Path directory) throws IOException {
        var bench = new ImapBench(options);
        int nobody = Ports.free();
        try (var pintail = PintailServer.start(options, directory, nobody)) {
            bench.append(pintail, 20, options.messages());
            if (!options.withPeer()) {
                bench.tables(List.of(pintail));
                return;
            }
            try (var peer = DebianServers.start(directory, nobody)) {
                bench.tables(List.of(pintail, peer));
            }
        }
    }

    private void tables(List<Peer> peers) throws IOException {
        appends(peers);
        for (var peer : peers) {
            fill(peer);
        }
        var table = new Table(
                "IMAP, one session",
                "command", "Pintail ms", "Dovecot ms", "ratio", "Pintail CPU ms", "Dovecot CPU ms", "ratio");
        commands(table, peers, "SELECT of 10,000 messages", "big", 200, "SELECT big");
        commands(table, peers, "SELECT of 100,000 messages", "huge", 20, "SELECT huge");
        commands(table, peers, "STATUS of 100,000 messages", "big", 200, "STATUS huge (MESSAGES UNSEEN UIDNEXT)");
        commands(table, peers, "FETCH 1:* (FLAGS), 10,000", "big", 10, "FETCH 1:* (FLAGS)");
        commands(table, peers, "FETCH 1:* (ENVELOPE BODYSTRUCTURE), 10,000", "big", 3, "FETCH 1:* (ENVELOPE BODYSTRUCTURE)");
        commands(table, peers, "FETCH 1:* (BODY.PEEK[]), 10,000 of 10 KB", "big", 3, "FETCH 1:* (BODY.PEEK[])");
        commands(table, peers, "FETCH 5000 (BODY.PEEK[]), one of 10 KB", "big", 5000, "FETCH 5000 (BODY.PEEK[])");
        commands(table, peers, "SEARCH SUBJECT, 10,000", "big", 20, "SEARCH SUBJECT \"no such words\"");
        commands(table, peers, "SORT (DATE), 100,000", "huge", 20, "SORT (DATE) UTF-8 ALL");
        commands(table, peers, "SORT (SUBJECT), 10,000", "big", 20, "SORT (SUBJECT) UTF-8 ALL");
        commands(table, peers, "THREAD REFERENCES, 10,000", "big", 20, "THREAD REFERENCES UTF-8 ALL");
        commands(table, peers, "NOOP", "big", 5000, "NOOP");
        table.end("Median times of one command, everything read by the client before and warm.");
    }

    private void appends(List<Peer> peers) throws IOException {
        var table = new Table(
                "IMAP APPEND, 10 KB",
                "sessions", "Pintail msg/s", "Dovecot msg/s", "ratio", "Pintail CPU ms/msg", "Dovecot CPU ms/msg", "ratio");
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
        table.end("Each session appends to a new mailbox of an account of its own.");
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

    private void fill(Peer peer) throws IOException {
        try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
            client.command("CREATE big");
            client.command("CREATE huge");
            Load.run(FILLERS, number -> {
                try (var filler = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                    for (int i = number; i < MAILBOX; i += FILLERS) {
                        filler.append("big", TestMessage.of(i));
                    }
                }
            });
            client.command("SELECT big");
            for (int i = 0; i < COPIES; i++) {
                client.command("COPY 1:* huge");
            }
            client.command("SELECT huge");
            client.command("FETCH 1:* (FLAGS)");
            client.command("UNSELECT");
            client.command("STATUS huge (UNSEEN)");
        }
    }

    private void commands(Table table, List<Peer> peers, String title, String mailbox, int times, String command) throws IOException {
        var pairs = Pairs.measure(peers, options.rounds(), peer -> {
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                client.command("SELECT " + mailbox);
                client.command(command);
                return Sample.of(peer.processes(), () -> {
                    for (int i = 0; i < times; i++) {
                        client.command(command);
                    }
                    return times;
                });
            }
        });
        table.row(
                title,
                pairs.pintail("%.2f", Sample::millisEach),
                pairs.peer("%.2f", Sample::millisEach),
                pairs.ratio(Sample::millisEach),
                pairs.pintail("%.2f", Sample::cpuMillisEach),
                pairs.peer("%.2f", Sample::cpuMillisEach),
                pairs.ratio(Sample::cpuMillisEach));
    }
}
