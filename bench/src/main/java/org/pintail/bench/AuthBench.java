package org.pintail.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What does it cost to judge a message of 50 KB: SPF, one RSA-2048 signature, an ARC chain of one, DMARC, with a DNS that answers at once?
/// Each program judges the same 1,000 messages several times over in one process, in turn; the first passes warm it up and do not count.
/// CPU is that of the whole process. mailauth is found in `$PINTAIL_MAILAUTH` (where `npm install mailauth` was run), dkimpy is Debian's
/// python3-dkim and judges DKIM alone.
final class AuthBench {
    private static final int MESSAGES = 1000;
    private static final int WARM_UP = 20; // the compilers of the JVM and of V8 have their say for that long

    private AuthBench() {}

    /// CPU milliseconds of one pass over all messages.
    private record Pass(double process, double thread, double raw) {}

    static void run(Options options, Path directory) throws IOException {
        var jars = options.jars() + File.separator + "*" + File.pathSeparator + System.getProperty("java.class.path");
        var java = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-cp", jars, "org.pintail.bench.AuthWorker");
        Tool.run(directory.resolve("make.log"), with(java, "make", directory.toString(), Integer.toString(MESSAGES)));
        var table = new Table(
                "Judging a message of 50 KB (SPF, DKIM with RSA-2048, ARC, DMARC)",
                "", "CPU ms per message, median", "smallest", "largest", "raw crypto ms", "beyond raw crypto ms");
        var pintail = passes(directory, "pintail", with(java, "judge", directory.toString(), Integer.toString(WARM_UP + options.rounds())));
        row(table, "Pintail", pintail);
        if (options.withPeer()) {
            peer(table, "mailauth", options, directory, pintail, System.getenv("PINTAIL_MAILAUTH"), List.of("node"), "auth-mailauth.mjs", WARM_UP);
            peer(table, "dkimpy, DKIM alone", options, directory, pintail, directory.toString(), List.of("/usr/bin/python3"), "auth-dkimpy.py", 1);
        }
        table.end("raw crypto: SHA-256 of the message and three RSA-2048 verifications, in the same process; CPU of the judging thread alone for both.");
    }

    private static void peer(
            Table table, String name, Options options, Path directory, List<Pass> pintail, @org.jspecify.annotations.Nullable String folder, List<String> interpreter, String script, int warmUp)
            throws IOException {
        if (folder == null) {
            table.row(name, "not installed", "–", "–", "–", "–");
            return;
        }
        var program = Path.of(folder).resolve(script);
        try (var in = AuthBench.class.getResourceAsStream(script)) {
            Files.write(program, java.util.Objects.requireNonNull(in).readAllBytes());
        }
        try {
            var command = new ArrayList<>(interpreter);
            command.addAll(List.of(program.toString(), directory.toString(), Integer.toString(warmUp + options.rounds())));
            var all = passes(directory, script, command);
            var passes = all.subList(warmUp, all.size());
            row(table, name, passes);
            double ratio = median(passes) / median(pintail);
            table.row(name + " ÷ Pintail", String.format(Locale.ROOT, "%.1f", ratio), "", "", "", "");
        } finally {
            Files.deleteIfExists(program);
        }
    }

    private static double median(List<Pass> passes) {
        return Pairs.median(passes.stream().mapToDouble(Pass::process).toArray());
    }

    private static void row(Table table, String name, List<Pass> passes) {
        var all = passes.stream().mapToDouble(p -> p.process / MESSAGES).toArray();
        double raw = Pairs.median(passes.stream().mapToDouble(p -> p.raw / MESSAGES).toArray());
        double beyond = Pairs.median(passes.stream().mapToDouble(p -> (p.thread - p.raw) / MESSAGES).toArray());
        table.row(
                name,
                number(Pairs.median(all)),
                number(java.util.Arrays.stream(all).min().orElseThrow()),
                number(java.util.Arrays.stream(all).max().orElseThrow()),
                raw > 0 ? number(raw) : "–",
                raw > 0 ? number(beyond) : "–");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static List<String> with(List<String> command, String... more) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    /// Lines `pass N process MS [thread MS raw MS]`; those of Pintail after its warm-up.
    private static List<Pass> passes(Path directory, String name, List<String> command) throws IOException {
        var log = directory.resolve(name + ".log");
        Tool.run(log, command);
        var passes = new ArrayList<Pass>();
        for (var line : Files.readAllLines(log)) {
            var words = line.split(" ");
            if (words[0].equals("pass")) {
                double process = Double.parseDouble(words[3]);
                passes.add(words.length > 4 ? new Pass(process, Double.parseDouble(words[5]), Double.parseDouble(words[7])) : new Pass(process, process, 0));
            }
        }
        return name.equals("pintail") ? passes.subList(WARM_UP, passes.size()) : passes;
    }
}
