package org.pintail.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A redis-server or Sentinel of the machine's own, on a port of the loopback, with its files in a directory of the test.
public final class RedisProcess implements AutoCloseable {
    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 32_000;
    private static final int START_SECONDS = 20;
    private static final int STOP_SECONDS = 10;
    private final Path directory;
    private final List<String> command;
    private final int port;
    private Process process;

    private RedisProcess(Path directory, List<String> command, int port) throws IOException {
        this.directory = directory;
        this.command = command;
        this.port = port;
        this.process = launch();
    }

    /// There is a redis-server on this machine.
    public static boolean installed() {
        return Files.isExecutable(Path.of("/usr/bin/redis-server"));
    }

    /// Said when a test is skipped for want of it.
    public static String missing() {
        return "redis-server is not installed";
    }

    /// Starts a server and waits until it listens. `settings` as `--name value` words of its command line.
    public static RedisProcess start(Path directory, String... settings) throws IOException {
        return start(directory, freePort(), settings);
    }

    public static RedisProcess start(Path directory, int port, String... settings) throws IOException {
        Files.createDirectories(directory);
        var command = new ArrayList<>(List.of(
                "/usr/bin/redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString(), "--save", "",
                "--appendonly", "no", "--daemonize", "no"));
        command.addAll(List.of(settings));
        return new RedisProcess(directory, command, port);
    }

    /// A Sentinel with that configuration (without its port and directory).
    public static RedisProcess sentinel(Path directory, String configuration) throws IOException {
        Files.createDirectories(directory);
        int port = freePort();
        var file = directory.resolve("sentinel.conf");
        Files.writeString(file, "port " + port + "\nbind 127.0.0.1\ndir " + directory + "\n" + configuration);
        return new RedisProcess(directory, List.of("/usr/bin/redis-server", file.toString(), "--sentinel"), port);
    }

    /// A port that nobody listens on, below those that connections go out from: it is still free a moment later.
    public static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (var socket = new ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException taken) {
                continue;
            }
        }
    }

    private Process launch() throws IOException {
        var started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
                .start();
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!listens()) {
            if (!started.isAlive() || System.nanoTime() > until) {
                started.destroyForcibly();
                throw new IOException("redis did not start:\n" + Files.readString(directory.resolve("log")));
            }
            pause();
        }
        return started;
    }

    private boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    /// Sends one command without any client library and returns the first line of its answer. Needs a server without a password.
    public String command(String... words) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5000);
            var request = new StringBuilder("*" + words.length + "\r\n");
            for (var word : words) {
                request.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n").append(word).append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            var line = new StringBuilder();
            for (int b = socket.getInputStream().read(); b >= 0 && b != '\n'; b = socket.getInputStream().read()) {
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    /// SIGKILL.
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /// Starts it again, on the same port, with nothing in it.
    public void restart() throws IOException {
        process = launch();
    }

    /// SIGSTOP: it keeps its connections and does not answer.
    public void freeze() throws IOException {
        signal("STOP");
    }

    /// SIGCONT.
    public void thaw() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        var kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        try {
            kill.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await() {
        try {
            process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
