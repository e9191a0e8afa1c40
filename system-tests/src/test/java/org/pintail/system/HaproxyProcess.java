package org.pintail.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.pintail.testkit.RedisProcess;

/// Debian's haproxy with the configuration of `docs/deploy/haproxy.cfg`, every address of it replaced by one of the loopback.
final class HaproxyProcess implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
    private final Process process;
    private final Map<String, Integer> ports;

    private HaproxyProcess(Process process, Map<String, Integer> ports) {
        this.process = process;
        this.ports = ports;
    }

    static boolean installed() {
        return Files.isExecutable(PROGRAM);
    }

    /// Where a node listens: by section of the configuration (`mx`, `imaps` …), and `health`.
    record Node(String address, Map<String, Integer> ports) {
        int port(String section) {
            var port = ports.get(section);
            if (port == null) {
                throw new IllegalArgumentException("a node has no " + section + ", only " + ports.keySet());
            }
            return port;
        }
    }

    static HaproxyProcess start(Path directory, List<Node> nodes) throws IOException {
        Files.createDirectories(directory);
        var ports = new java.util.HashMap<String, Integer>();
        var lines = new ArrayList<String>();
        var section = "";
        for (var line : Files.readAllLines(configuration())) {
            var words = line.strip().split(" +");
            switch (words[0]) {
                case "listen" -> section = words[1];
                case "user", "group" -> {
                    continue; // the test's own
                }
                case "maxconn" -> line = "    maxconn 2000"; // what a test may open
                case "bind" -> {
                    ports.put(section, RedisProcess.freePort());
                    line = "    bind 127.0.0.1:" + ports.get(section);
                }
                case "server" -> {
                    var node = nodes.get(Integer.parseInt(words[1].substring("node".length())) - 1);
                    var rest = String.join(" ", List.of(words).subList(3, words.length));
                    line = "    server " + words[1] + " " + node.address() + ":" + node.port(section) + " port " + node.port("health") + " " + rest;
                }
                default -> {
                    // as it is
                }
            }
            lines.add(line);
        }
        var file = directory.resolve("haproxy.cfg");
        Files.write(file, lines);
        var process = new ProcessBuilder(PROGRAM.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                throw new IOException("haproxy ended: " + Files.readString(directory.resolve("log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new HaproxyProcess(process, ports);
    }

    private static Path configuration() {
        for (var up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            var file = up.resolve("docs/deploy/haproxy.cfg");
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("no docs/deploy/haproxy.cfg above the working directory");
    }

    InetSocketAddress address(String section) {
        return new InetSocketAddress("127.0.0.1", Objects.requireNonNull(ports.get(section), section));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
