package org.pintail.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// `pintail serve` in a process of its own, as a user starts it, on free ports of the loopback. What it logs is in `server.log` of its data
/// directory.
final class ServerProcess implements AutoCloseable {
    public static final String TOKEN = "0123456789abcdef0123456789abcdef01234567";
    private static final int STOP_SECONDS = 30;
    private final Process process;
    private final Path data;
    private final Map<String, InetSocketAddress> listeners = new HashMap<>();

    private ServerProcess(Process process, Path data) {
        this.process = process;
        this.data = data;
    }

    /// Starts and waits for the line that begins with `ready`. `settings` as `key=value`. Throws `IOException` with the log when it does not come.
    public static ServerProcess start(Path data, String... settings) throws IOException {
        return start(data, List.of(), settings);
    }

    /// As above, with more words on the command line.
    public static ServerProcess start(Path data, List<String> words, String... settings) throws IOException {
        return start(data, List.of(), words, settings);
    }

    /// As above, by a program that becomes the server (`env`, `ip netns exec …`).
    public static ServerProcess start(Path data, List<String> by, List<String> words, String... settings) throws IOException {
        Files.createDirectories(data);
        var command = new ArrayList<>(by);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.pintail.suite.Main",
                "serve",
                "--data",
                data.toString()));
        command.addAll(words);
        for (var listener : List.of("mx", "submission", "imap", "pop3", "lmtp", "api")) {
            command.addAll(List.of("--set", listener + ".listen=127.0.0.1:0"));
        }
        for (var listener : List.of("submission", "imap", "pop3")) {
            command.addAll(List.of("--set", listener + ".listen-tls=127.0.0.1:0"));
        }
        command.addAll(List.of("--set", "server.hostname=mail.example.com", "--set", "api.token=" + TOKEN, "--set", "api.metrics=true"));
        command.addAll(List.of("--set", "delivery.route=127.0.0.1:1", "--set", "server.drain=1s"));
        for (var setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
                .start();
        var server = new ServerProcess(process, data);
        server.awaitReady();
        return server;
    }

    private void awaitReady() throws IOException {
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ready ")) {
                read(line);
                Thread.ofVirtual().start(() -> drain(out));
                return;
            }
        }
        throw new IOException("the server ended before it was ready:\n" + log());
    }

    /// `ready mx=127.0.0.1:2025 …`
    private void read(String line) {
        for (var word : line.substring("ready ".length()).split(" ", -1)) {
            int equals = word.indexOf('=');
            int colon = word.lastIndexOf(':');
            var address = new InetSocketAddress(
                    word.substring(equals + 1, colon), Integer.parseInt(word.substring(colon + 1)));
            listeners.put(word.substring(0, equals), address);
        }
    }

    private static void drain(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                // only so that the server never blocks on its output
            }
        } catch (IOException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /// Where a listener (`mx`, `imaps` …) is.
    public InetSocketAddress address(String listener) {
        var address = listeners.get(listener);
        if (address == null) {
            throw new IllegalArgumentException("no listener " + listener + " among " + listeners.keySet());
        }
        return address;
    }

    public int port(String listener) {
        return address(listener).getPort();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /// SIGSTOP and SIGCONT: it keeps everything and does nothing.
    public void signal(String name) throws IOException {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells it to end, and returns at once.
    public void tellToEnd() {
        process.destroy();
    }

    public Path data() {
        return data;
    }

    public String log() throws IOException {
        return Files.readString(data.resolve("server.log"));
    }

    /// Ends it at once, without any chance to tidy up.
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /// Ends it as an operator does (SIGTERM), and waits. Returns the exit status.
    public int stop() {
        process.destroy();
        await();
        return process.exitValue();
    }

    private void await() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
