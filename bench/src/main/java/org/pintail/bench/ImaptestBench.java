package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The default load of imaptest, Dovecot's own stress tester: commands a second, and for each second of the server's CPU, after a minute of the
/// same that is not measured. `PINTAIL_IMAPTEST` names the program.
final class ImaptestBench {
    private static final int SECONDS = 20;
    private static final int BEFORE = 60;
    private static final int MESSAGES = 500;

    private ImaptestBench() {}

    static void run(Options options, Path directory) throws IOException {
        var program = System.getenv("PINTAIL_IMAPTEST");
        if (program == null) {
            throw new IOException("PINTAIL_IMAPTEST has to name the program imaptest");
        }
        var mbox = mbox(directory);
        int nobody = Ports.free();
        try (var pintail = PintailServer.start(options, directory, nobody);
                var peer = DebianServers.start(directory, nobody, DebianServers.Format.SDBOX)) {
            var peers = options.withPeer() ? List.of(pintail, peer) : List.<Peer>of(pintail);
            for (var one : peers) {
                load(program, one, mbox, BEFORE, directory);
            }
            var pairs = Pairs.measure(
                    peers, options.rounds(), one -> Sample.of(one.processes(), () -> load(program, one, mbox, SECONDS, directory)));
            var table = new Table(
                    "imaptest, default load", "", "Pintail", "Dovecot", "ratio");
            row(table, "commands a second", pairs, Sample::perSecond);
            row(table, "commands for a second of CPU", pairs, s -> 1000 / s.cpuMillisEach());
            table.end(SECONDS + " seconds each, after " + BEFORE + " that are not measured.");
        }
    }

    /// Returns how many commands it gave.
    private static int load(String program, Peer at, Path mbox, int seconds, Path directory) throws IOException {
        var log = Files.createTempFile(directory, "imaptest", ".txt");
        Tool.run(log, List.of(
                program, "host=127.0.0.1", "port=" + at.imapPort(), "user=u%d", "users=1-" + Peer.USERS, "pass=" + Peer.PASSWORD, "mbox=" + mbox,
                "secs=" + seconds));
        return commands(Files.readAllLines(log));
    }

    private static void row(Table table, String name, Pairs pairs, java.util.function.ToDoubleFunction<Sample> figure) {
        table.row(name, pairs.pintail("%.0f", figure), pairs.peer("%.0f", figure), pairs.ratio(figure));
    }

    /// What it appends.
    private static Path mbox(Path directory) throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < MESSAGES; i++) {
            text.append("From ada@source.test Tue Nov  3 10:11:12 2026\n")
                    .append(new String(TestMessage.of(i), java.nio.charset.StandardCharsets.US_ASCII).replace("\r\n", "\n"))
                    .append('\n');
        }
        return Files.writeString(directory.resolve("messages.mbox"), text);
    }

    /// Behind `Totals:` come names, percentages, and then how often each command was given.
    private static int commands(List<String> lines) throws IOException {
        int totals = lines.indexOf("Totals:");
        var counts = new ArrayList<String>();
        for (int i = Math.max(0, totals); totals >= 0 && i < lines.size() && counts.isEmpty(); i++) {
            var words = lines.get(i).strip().split("\\s+");
            if (words.length > 5 && Arrays.stream(words).allMatch(w -> w.matches("[0-9]+"))) {
                counts.addAll(List.of(words));
            }
        }
        if (counts.isEmpty()) {
            throw new IOException(String.format(Locale.ROOT, "imaptest printed no totals in %d lines", lines.size()));
        }
        return counts.stream().mapToInt(Integer::parseInt).sum();
    }
}
