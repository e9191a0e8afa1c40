package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What does it cost that two nodes share the work? The same messages over LMTP, all to one node, or half to each of two, in turn; all
/// sessions write to the same mailboxes. CPU is that of the nodes that had work. The database server is that of `--mongodb`.
final class NodesBench {
    private static final List<Integer> SESSIONS = List.of(2, 10, 40); // in all
    private static final int WARMING = 20;
    private static final int WARM = 15_000; // deliveries until the JIT compilers of a JVM rest
    private final Options options;
    private final Deliveries deliveries = new Deliveries();

    private NodesBench(Options options) {
        this.options = options;
    }

    static void run(Options options, Path directory) throws IOException {
        if (!SharedServers.missing(options).isEmpty()) {
            System.out.println("nodes: skipped, " + SharedServers.missing(options) + "\n");
            return;
        }
        try (var shared = SharedServers.start(options, directory)) {
            PintailServer.makeAccounts(options, directory, directory.resolve("node1"), shared.keys());
            try (var one = PintailServer.serve(options, directory.resolve("node1"), null, shared.keys());
                    var two = PintailServer.serve(options, directory.resolve("node2"), null, shared.keys())) {
                new NodesBench(options).table(one, two);
            }
        }
    }

    private void table(PintailServer one, PintailServer two) throws IOException {
        var table = new Table(
                "LMTP, 10 KB, one node or two", "sessions in all", "one node msg/s", "two nodes msg/s", "one node CPU ms/msg",
                "two nodes CPU ms/msg", "two ÷ one");
        for (var ports : List.of(List.of(one.lmtpPort()), List.of(two.lmtpPort()), List.of(one.lmtpPort(), two.lmtpPort()))) {
            deliveries.send(ports, WARMING, WARM, 0);
        }
        for (int round = 1; round <= options.rounds(); round++) {
            for (int sessions : SESSIONS) {
                row(table, sessions, one, two);
            }
        }
        table.end("CPU of two nodes is that of both together.");
    }

    private void row(Table table, int sessions, PintailServer one, PintailServer two) throws IOException {
        var nodes = new ArrayList<Sample>();
        for (var which : List.of(List.of(one), List.of(one, two), List.of(two))) {
            var ports = which.stream().map(PintailServer::lmtpPort).toList();
            var processes = new ProcessTree(which.stream().flatMap(n -> n.processes().roots().stream()).toList());
            nodes.add(Sample.of(processes, () -> deliveries.send(ports, sessions, options.messages(), 0)));
        }
        double alone = (nodes.get(0).cpuMillisEach() + nodes.get(2).cpuMillisEach()) / 2;
        double both = nodes.get(1).cpuMillisEach();
        table.row(
                Integer.toString(sessions),
                number("%.0f", (nodes.get(0).perSecond() + nodes.get(2).perSecond()) / 2),
                number("%.0f", nodes.get(1).perSecond()),
                number("%.3f", alone),
                number("%.3f", both),
                number("%.2f", both / alone));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
