package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// `pintail bench`: runs the benchmarks that are named, all without a name ([#USAGE]).
public final class Main {
    private static final List<String> ALL = List.of("mx", "submission", "imap", "idle", "imaptest", "start", "auth", "events", "copy", "wildduck", "wildduck-fetch", "nodes");

    private static final String USAGE = """
            Usage: pintail bench [NAME]... [OPTION]...
            Runs benchmarks of Pintail beside its peers and prints tables; all without a name.
            Names: %s
              --rounds N        measured pairs of each row, after one that does not count (3)
              --messages N      of one round at Pintail, a fifth of it at the peer (10000)
              --lines REGEX     only rows in whose title this is found (imap)
              --only-pintail    without the peer, for profiling
              --mongodb URL     an empty database, for copy, wildduck, wildduck-fetch and nodes
              --jars DIR        Pintail's jars (suite/target/lib)
              --java OPTIONS    more options for Pintail's JVM
            Peers need root and Debian's postfix, dovecot-imapd and dovecot-lmtpd; PINTAIL_IMAPTEST names
            the program imaptest, PINTAIL_WILDDUCK and PINTAIL_MAILAUTH folders of npm packages.
            """;

    private Main() {}

    public static void main(String[] args) throws Exception {
        if (Arrays.asList(args).contains("--help")) {
            System.out.printf(USAGE, String.join(", ", ALL));
            return;
        }
        var options = Options.parse(args, ALL);
        var directory = Files.createTempDirectory("pintail-bench-");
        Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        System.out.println(Machine.describe());
        Runtime.getRuntime().addShutdownHook(new Thread(Main::endServers));
        try {
            for (var name : options.benchmarks()) {
                run(name, options, Files.createDirectory(directory.resolve(name)));
            }
        } finally {
            delete(directory);
        }
    }

    /// What a benchmark that is interrupted would leave behind.
    private static void endServers() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private static void run(String name, Options options, Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        switch (name) {
            case "mx" -> MxBench.run(options, directory);
            case "submission" -> SubmissionBench.run(options, directory);
            case "imap" -> ImapBench.run(options, directory);
            case "imaptest" -> ImaptestBench.run(options, directory);
            case "idle" -> IdleBench.run(options, directory);
            case "auth" -> AuthBench.run(options, directory);
            case "start" -> StartBench.run(options, directory);
            case "copy" -> CopyBench.run(options, directory);
            case "events" -> EventsBench.run(options, directory);
            case "wildduck" -> WildDuckBench.run(options, directory, WildDuckBench::deliveries);
            case "wildduck-fetch" -> WildDuckBench.run(options, directory, WildDuckBench::fetches);
            case "nodes" -> NodesBench.run(options, directory);
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
