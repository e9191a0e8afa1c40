package org.pintail.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Pintail with every role but HTTP, started as the launcher does, its log in a file.
final class PintailServer implements Peer {
    private static final List<String> FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders", "-XX:+UseG1GC", "-Xms32m", "-XX:MaxRAMPercentage=40",
            "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=15", "-XX:G1PeriodicGCInterval=60000", "-Djdk.pollerMode=1");
    private static final String ROLES = "mx,submission,delivery,imap,pop3,lmtp,jobs";
    private final Options options;
    private final Path data;
    private final Process process;
    private final String ready;
    private final double startMillis;

    private PintailServer(Options options, Path data, Process process, String ready, double startMillis) {
        this.options = options;
        this.data = data;
        this.process = process;
        this.ready = ready;
        this.startMillis = startMillis;
    }

    /// Makes the accounts, then starts. `sinkPort` takes outgoing mail.
    static PintailServer start(Options options, Path directory, int sinkPort) throws IOException {
        var data = directory.resolve("pintail");
        makeAccounts(options, directory, data, List.of());
        return serve(options, data, null, sinkPort);
    }

    /// `sets`: more keys of the configuration, as `key=value`.
    static void makeAccounts(Options options, Path directory, Path data, List<String> sets) throws IOException {
        var users = directory.resolve("users.csv");
        var lines = new ArrayList<String>(List.of("username,password,address"));
        for (int i = 0; i < USERS; i++) {
            lines.add(Peer.user(i) + "," + PASSWORD + "," + Peer.user(i) + "@" + DOMAIN);
        }
        Files.write(users, lines);
        var arguments = new ArrayList<>(List.of("user", "import", users.toString(), "--data", data.toString()));
        sets.forEach(set -> arguments.addAll(List.of("--set", set)));
        Tool.run(directory.resolve("import.log"), java(options, null, arguments.toArray(String[]::new)));
    }

    /// Starts over what is in `data`; `aot`: a start-up cache.
    static PintailServer serve(Options options, Path data, @Nullable Path aot, int sinkPort) throws IOException {
        return serve(options, data, aot, List.of("delivery.route=127.0.0.1:" + sinkPort));
    }

    static PintailServer serve(Options options, Path data, @Nullable Path aot, List<String> sets) throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "--data", data.toString(), "--roles", ROLES));
        sets.forEach(set -> arguments.addAll(List.of("--set", set)));
        for (var set : List.of(
                "mx.listen=127.0.0.1:0", "submission.listen=127.0.0.1:0", "submission.listen-tls=", "imap.listen=127.0.0.1:0",
                "imap.listen-tls=127.0.0.1:0", "pop3.listen=127.0.0.1:0", "pop3.listen-tls=", "lmtp.listen=127.0.0.1:0",
                "imap.max-per-address=20000", "imap.connections-per-user=20000", "mail.max-recipients=100000000", "mail.max-storage=1000GB")) {
            arguments.addAll(List.of("--set", set));
        }
        var command = java(options, aot, arguments.toArray(String[]::new));
        long begin = System.nanoTime();
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(data.resolveSibling(data.getFileName() + ".log").toFile()))
                .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var ready = awaitReady(out);
        double millis = (System.nanoTime() - begin) / 1e6;
        return new PintailServer(options, data, process, ready, millis);
    }

    static List<String> java(Options options, @Nullable Path aot, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        if (aot != null) {
            command.add("-XX:AOTCache=" + aot);
        }
        if (arguments[0].equals("serve")) {
            command.addAll(options.javaOptions());
        }
        command.addAll(List.of("-cp", options.jars() + "/*", "org.pintail.suite.Main"));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String awaitReady(BufferedReader out) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ready ")) {
                return line;
            }
            System.err.println(line);
        }
        throw new IOException("Pintail ended before it was ready");
    }

    private int port(String name) {
        for (var word : ready.split(" ")) {
            if (word.startsWith(name + "=")) {
                return Integer.parseInt(word.substring(word.lastIndexOf(':') + 1));
            }
        }
        throw new IllegalStateException("no " + name + " in " + ready);
    }

    @Override
    public String name() {
        return "Pintail";
    }

    @Override
    public ProcessTree processes() {
        return ProcessTree.of(process);
    }

    @Override
    public int mxPort() {
        return port("mx");
    }

    @Override
    public int submissionPort() {
        return port("submission");
    }

    @Override
    public int imapPort() {
        return port("imap");
    }

    @Override
    public int lmtpPort() {
        return port("lmtp");
    }

    @Override
    public int imapsPort() {
        return port("imaps");
    }

    long pid() {
        return process.pid();
    }

    /// From starting the process to its `ready` line.
    double startMillis() {
        return startMillis;
    }

    /// The MX answers when the mailbox has the message. What submission queued is delivered when the sink has counted it, and the caller
    /// waits for that; what is left is the settling of the last rows.
    @Override
    public void awaitDelivered() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    /// After a full collection.
    long heapKib() throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var log = Files.createTempFile(data.getParent(), "heap", ".txt");
        Tool.run(log, List.of(jcmd, Long.toString(pid()), "GC.run"));
        Tool.run(log, List.of(jcmd, Long.toString(pid()), "GC.heap_info"));
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("used "))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1")))
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        Tool.end(process);
    }
}
