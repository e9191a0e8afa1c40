package org.pintail.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// How soon do clients in IDLE learn of a message? Many have selected the same mailbox; from the moment at which somebody begins an APPEND to it until each has read
/// its EXISTS.
final class ImapNews {
    private static final int SESSIONS = 500;
    private static final int TIMES = 60;
    private static final int BEFORE = 40;
    private final Options options;
    private final List<Peer> peers;

    ImapNews(Options options, List<Peer> peers) {
        this.options = options;
        this.peers = List.copyOf(peers);
    }

    void measure() throws IOException {
        if (!java.util.regex.Pattern.compile(options.lines()).matcher("IDLE").find()) {
            return;
        }
        var table = new Table(
                "EXISTS in IDLE, " + SESSIONS + " sessions of one mailbox", "server", "ms median", "99 %", "most", "server's CPU ms for one of them");
        for (var peer : peers) {
            row(table, peer);
        }
        table.end("From before the APPEND of 10 KB until each client has read it; " + TIMES + " messages, after " + BEFORE + " that do not count.");
    }

    private static void row(Table table, Peer peer) throws IOException {
        var clients = new ArrayList<ImapClient>();
        try (var writer = ImapClient.login(peer.imapPort(), Peer.user(1))) {
            writer.command("CREATE news");
            for (int i = 0; i < SESSIONS; i++) {
                var client = ImapClient.idler(peer.imapPort(), Peer.user(1), false);
                clients.add(client);
                client.command("SELECT news");
                client.idle();
            }
            var heard = new long[BEFORE + TIMES][SESSIONS];
            var begun = new long[BEFORE + TIMES];
            var all = new ArrayList<CountDownLatch>();
            for (int i = 0; i < heard.length; i++) {
                all.add(new CountDownLatch(SESSIONS));
            }
            var cpu = new double[1];
            Load.run(SESSIONS + 1, number -> {
                if (number < SESSIONS) {
                    hear(clients.get(number), number, heard, all);
                } else {
                    cpu[0] = write(peer, writer, begun, all);
                }
            });
            row(table, peer, begun, heard, cpu[0]);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static void hear(ImapClient client, int number, long[][] heard, List<CountDownLatch> all) throws IOException {
        for (int time = 0; time < heard.length; time++) {
            client.awaitExists();
            heard[time][number] = System.nanoTime();
            all.get(time).countDown();
        }
    }

    /// Returns the CPU milliseconds of all that count.
    private static double write(Peer peer, ImapClient writer, long[] begun, List<CountDownLatch> all) throws IOException {
        double before = 0;
        for (int time = 0; time < begun.length; time++) {
            if (time == BEFORE) {
                before = peer.processes().cpuMillis();
            }
            begun[time] = System.nanoTime();
            writer.append("news", TestMessage.of(time));
            try {
                all.get(time).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return peer.processes().cpuMillis() - before;
    }

    private static void row(Table table, Peer peer, long[] begun, long[][] heard, double cpuMillis) {
        var millis = new double[TIMES * SESSIONS];
        for (int time = 0; time < TIMES; time++) {
            for (int i = 0; i < SESSIONS; i++) {
                millis[time * SESSIONS + i] = (heard[BEFORE + time][i] - begun[BEFORE + time]) / 1e6;
            }
        }
        Arrays.sort(millis);
        table.row(
                peer.name(),
                number(Pairs.median(millis)),
                number(millis[millis.length * 99 / 100]),
                number(millis[millis.length - 1]),
                String.format(Locale.ROOT, "%.4f", cpuMillis / millis.length));
    }

    private static String number(double millis) {
        return String.format(Locale.ROOT, "%.2f", millis);
    }
}
