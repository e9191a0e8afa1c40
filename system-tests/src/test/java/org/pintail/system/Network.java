package org.pintail.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Two networks of this machine, each with a bridge, and network namespaces that have one wire into either. A wire that is pulled loses what is
/// on it without telling anybody.
final class Network implements AutoCloseable {
    private static final int SECONDS = 10;
    private final String name = "pt" + ThreadLocalRandom.current().nextInt(0x1000, 0xffff);
    private final int subnet = ThreadLocalRandom.current().nextInt(20, 250);
    private final List<List<String>> undo = new ArrayList<>();

    /// What a wire leads to.
    enum Side {
        /// Clients and the database.
        MAIL,
        REDIS
    }

    private Network(int nodes) throws IOException {
        try {
            for (var side : Side.values()) {
                ip("link", "add", bridge(side), "type", "bridge");
                undo.add(List.of("link", "del", bridge(side)));
                ip("addr", "add", host(side) + "/24", "dev", bridge(side));
                ip("link", "set", bridge(side), "up");
            }
            for (int n = 0; n < nodes; n++) {
                ip("netns", "add", space(n));
                undo.add(List.of("netns", "del", space(n)));
                ip("-n", space(n), "link", "set", "lo", "up");
                for (var side : Side.values()) {
                    join(n, side);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void join(int n, Side side) throws IOException {
        var inside = "eth" + side.ordinal();
        ip("link", "add", wire(n, side), "type", "veth", "peer", "name", inside, "netns", space(n));
        ip("link", "set", wire(n, side), "master", bridge(side));
        ip("link", "set", wire(n, side), "up");
        ip("-n", space(n), "addr", "add", node(n, side) + "/24", "dev", inside);
        ip("-n", space(n), "link", "set", inside, "up");
    }

    /// Throws `IOException` where it is not allowed or there is no `ip`.
    static Network of(int nodes) throws IOException {
        return new Network(nodes);
    }

    private String bridge(Side side) {
        return name + "b" + side.ordinal();
    }

    private String wire(int n, Side side) {
        return name + "w" + n + side.ordinal();
    }

    private String space(int n) {
        return name + "n" + n;
    }

    /// The address of this machine on that side.
    String host(Side side) {
        return "10." + (213 + side.ordinal()) + "." + subnet + ".1";
    }

    String node(int n, Side side) {
        return "10." + (213 + side.ordinal()) + "." + subnet + "." + (10 + n);
    }

    /// What has to stand before the command line of a process that is to run there.
    List<String> inside(int n) {
        return List.of("ip", "netns", "exec", space(n));
    }

    void pull(int n, Side side) throws IOException {
        ip("link", "set", wire(n, side), "down");
    }

    void plug(int n, Side side) throws IOException {
        ip("link", "set", wire(n, side), "up");
    }

    private static void ip(String... words) throws IOException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (var words : undo.reversed()) {
            ip(words.toArray(String[]::new));
        }
        undo.clear();
    }
}
