package org.pintail.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What do events between nodes cost? Two nodes over one Redis, each watching 10,000 accounts; changes are spread over the accounts, half of
/// them made by each node, and both are to hear of all. CPU of one node in percent of a core, and the time from the change to the watcher on the
/// other node. Needs Debian's redis-server.
///
/// 25 November 2026, 2 cores, Redis 7.0.15, other work on the machine: figures in docs/deploy/cluster.md.
final class EventsBench {
    private static final int ACCOUNTS = 10_000;
    private static final int SECONDS = 20;
    private static final Path SERVER = Path.of("/usr/bin/redis-server");

    private EventsBench() {}

    static void run(Options options, Path directory) throws IOException {
        if (!Files.isExecutable(SERVER)) {
            System.out.println("events: skipped, redis-server is not installed\n");
            return;
        }
        int port = Ports.free();
        var redis = Tool.start(
                directory.resolve("redis.log"),
                List.of(SERVER.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        try {
            Ports.awaitListener(port);
            var table = new Table(
                    "Events between two nodes, " + ACCOUNTS + " watched accounts on each", "changes/s", "CPU of a node, % of a core",
                    "of Redis", "heard by the other node", "ms median", "99 %", "most");
            for (int rate : new int[] {0, 1000, 4000}) {
                row(table, rate, options, directory, port, redis);
            }
            table.end("CPU while nothing changes is what watching, looking by itself and telling Redis that one lives cost.");
        } finally {
            Tool.end(redis);
        }
    }

    private static void row(Table table, int rate, Options options, Path directory, int port, Process redis) throws IOException {
        var times = directory.resolve("times" + rate);
        Files.write(times, new byte[2 * ACCOUNTS * Long.BYTES]);
        var nodes = new ArrayList<Process>();
        try {
            for (int node = 0; node < 2; node++) {
                nodes.add(node(options, directory, port, times, node, rate));
            }
            var outs = new ArrayList<BufferedReader>();
            for (var node : nodes) {
                outs.add(new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8)));
            }
            expect(outs, "measuring");
            double nodesBefore = ProcessTree.of(nodes.get(0), nodes.get(1)).cpuMillis();
            double redisBefore = ProcessTree.of(redis).cpuMillis();
            long begin = System.nanoTime();
            var results = expect(outs, "heard");
            double wall = (System.nanoTime() - begin) / 1e6;
            double nodesCpu = ProcessTree.of(nodes.get(0), nodes.get(1)).cpuMillis() - nodesBefore;
            double redisCpu = ProcessTree.of(redis).cpuMillis() - redisBefore;
            var words = results.getFirst().split(" ");
            table.row(
                    Integer.toString(rate), percent(nodesCpu / 2, wall), percent(redisCpu, wall), words[1] + " of " + rate / 2 * SECONDS, words[2],
                    words[3], words[4]);
        } finally {
            nodes.forEach(Tool::end);
        }
    }

    private static List<String> expect(List<BufferedReader> outs, String word) throws IOException {
        var lines = new ArrayList<String>();
        for (var out : outs) {
            var line = out.readLine();
            if (line == null || !line.startsWith(word)) {
                throw new IOException("expected \"" + word + "\", found " + line);
            }
            lines.add(line);
        }
        return lines;
    }

    private static String percent(double cpuMillis, double wallMillis) {
        return String.format(Locale.ROOT, "%.1f", 100 * cpuMillis / wallMillis);
    }

    private static Process node(Options options, Path directory, int port, Path times, int node, int rate) throws IOException {
        var quiet = directory.resolve("logback.xml");
        Files.writeString(quiet, "<configuration><root level=\"ERROR\"/></configuration>");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseCompactObjectHeaders", "-XX:+UseG1GC", "-Xms32m", "-Xmx512m",
                        "-Dlogback.configurationFile=" + quiet, "-cp",
                        options.jars() + "/*:" + System.getProperty("java.class.path"), "org.pintail.bench.EventsNode", "redis://127.0.0.1:" + port,
                        times.toString(), Integer.toString(node), Integer.toString(rate / 2), Integer.toString(ACCOUNTS), Integer.toString(SECONDS))
                .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("node.log").toFile()))
                .start();
    }
}
