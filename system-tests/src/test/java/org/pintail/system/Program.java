package org.pintail.system;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program of this machine, run to its end; a test that needs one that is not there is skipped.
final class Program {
    private static final int TIMEOUT_SECONDS = 60;

    private Program() {}

    /// Its status and what it printed; standard error is among it, but not of curl, which prints a message.
    record Ran(int status, byte[] out) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    static boolean isThere(String name) {
        return List.of(System.getenv("PATH").split(":", -1)).stream().anyMatch(d -> Files.isExecutable(Path.of(d, name)));
    }

    static Ran run(Path directory, String... command) throws IOException, InterruptedException {
        return run(directory, Map.of(), command);
    }

    /// In `directory`, with more in its environment.
    static Ran run(Path directory, Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Assumptions.assumeTrue(isThere(command[0]), command[0] + " is not installed");
        var out = Files.createTempFile(directory, command[0], ".out");
        var input = command[0].equals("script") // it types ^D into its terminal when its input ends, in the middle of whatever goes on there
                ? ProcessBuilder.Redirect.PIPE
                : ProcessBuilder.Redirect.from(new File("/dev/null"));
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(!command[0].equals("curl"))
                .redirectOutput(out.toFile())
                .redirectInput(input);
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ran(process.waitFor(), Files.readAllBytes(out));
    }
}
