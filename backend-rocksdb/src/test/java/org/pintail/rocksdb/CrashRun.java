package org.pintail.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// One life of a [CrashWriter], from its start to SIGKILL, and its ledger: what each thread got acknowledged and what it was about when it died.
final class CrashRun {
    private final Map<Integer, List<CrashOp>> acknowledged = new HashMap<>();
    private final Map<Integer, CrashOp> begun = new HashMap<>();
    private final Map<Long, Long> shared = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();
    private int operations;
    private long compacted;

    private CrashRun() {}

    /// Starts a writer and kills it when it has said `lines` lines; 0 kills it while it opens the store.
    static CrashRun of(Path directory, long seed, int threads, int lines, long openingMillis) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                        java, "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                        System.getProperty("java.class.path"), CrashWriter.class.getName(), directory.toString(), String.valueOf(seed),
                        String.valueOf(threads))
                .redirectError(directory.resolveSibling("writer-errors.txt").toFile());
        // the killed leave their native library behind
        builder.environment().put("ROCKSDB_SHAREDLIB_DIR", directory.resolveSibling("").toString());
        var process = builder.start();
        var run = new CrashRun();
        if (lines == 0) {
            process.waitFor(openingMillis, TimeUnit.MILLISECONDS);
            process.toHandle().destroyForcibly();
        }
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            int said = 0;
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (++said == lines) {
                    process.toHandle().destroyForcibly();
                }
                run.take(List.of(line.split(" ", -1)));
            }
        } finally {
            process.toHandle().destroyForcibly();
        }
        int status = process.waitFor();
        if (status != 128 + 9) {
            run.errors.add("the writer ended by itself with status " + status);
        }
        return run;
    }

    private void take(List<String> words) {
        switch (words.getFirst()) {
            case "I" -> begun.put(Integer.parseInt(words.get(1)), CrashOp.parse(words.subList(3, words.size())));
            case "A" -> {
                int thread = Integer.parseInt(words.get(1));
                var op = begun.remove(thread);
                acknowledged.computeIfAbsent(thread, _ -> new ArrayList<>()).add(op);
                if (op instanceof CrashOp.Shared s) {
                    shared.put(Long.parseLong(words.get(3)), s.seed());
                }
                operations++;
            }
            case "C" -> compacted = Long.parseLong(words.get(1));
            case "E" -> errors.add(String.join(" ", words));
            default -> {}
        }
    }

    int operations() {
        return operations;
    }

    /// Segments that were rewritten before the end.
    long compacted() {
        return compacted;
    }

    List<String> errors() {
        return errors;
    }

    /// uid -> seed in the shared mailbox.
    Map<Long, Long> shared() {
        return shared;
    }

    List<CrashOp> acknowledged(int thread) {
        return acknowledged.getOrDefault(thread, List.of());
    }

    /// What `thread` had begun: it may be done or not, but not by half.
    List<CrashOp> begun(int thread) {
        var op = begun.get(thread);
        return op == null ? List.of() : List.of(op);
    }

    List<Long> sharedBegun() {
        return begun.values().stream().filter(CrashOp.Shared.class::isInstance).map(op -> ((CrashOp.Shared) op).seed()).toList();
    }
}
