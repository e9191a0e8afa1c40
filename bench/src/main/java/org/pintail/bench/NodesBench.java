package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What does it cost that two nodes share the work? The same messages over LMTP, all to one node, or half to each of two, in turn; all
/// sessions write to the same mailboxes. The one has all processors of the machine, each of the two is told that it has half of them, as
/// a container would tell it. CPU is that of the nodes that had work. The database server is that of `--mongodb`.
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
            var half = options.with("-XX:ActiveProcessorCount=" + Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
            try (var whole = PintailServer.serve(options, directory.resolve("node1"), null, shared.keys());
                    var left = PintailServer.serve(half, directory.resolve("node2"), null, shared.keys());
                    var right = PintailServer.serve(half, directory.resolve("node3"), null, shared.keys())) {
                new NodesBench(options).table(List.of(whole), List.of(left, right));
            }
        }
    }

    private void table(List<PintailServer> one, List<PintailServer> two) throws IOException {
        var table = new Table(
                "LMTP, 10 KB, one node or two", "sessions in all", "one node msg/s", "two nodes msg/s", "one node CPU ms/msg",
                "two nodes CPU ms/msg", "two ÷ one");
        deliveries.send(ports(one), WARMING, WARM, 0);
        deliveries.send(ports(two), WARMING, 2 * WARM, 0);
        for (int sessions : SESSIONS) {
            sample(one, sessions);
            sample(two, sessions);
        }
        processes(one).rest();
        processes(two).rest();
        for (int round = 1; round <= options.rounds(); round++) {
            for (int sessions : SESSIONS) {
                var alone = sample(one, sessions);
                var both = sample(two, sessions);
                table.row(
                        Integer.toString(sessions),
                        number("%.0f", alone.perSecond()),
                        number("%.0f", both.perSecond()),
                        number("%.3f", alone.cpuMillisEach()),
                        number("%.3f", both.cpuMillisEach()),
                        number("%.2f", both.cpuMillisEach() / alone.cpuMillisEach()));
            }
        }
        table.end("CPU of two nodes is that of both together.");
    }

    private static List<Integer> ports(List<PintailServer> nodes) {
        return nodes.stream().map(PintailServer::lmtpPort).toList();
    }

    private static ProcessTree processes(List<PintailServer> nodes) {
        return new ProcessTree(nodes.stream().flatMap(n -> n.processes().roots().stream()).toList());
    }

    private Sample sample(List<PintailServer> nodes, int sessions) throws IOException {
        return Sample.of(processes(nodes), () -> deliveries.send(ports(nodes), sessions, options.messages(), 0));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
