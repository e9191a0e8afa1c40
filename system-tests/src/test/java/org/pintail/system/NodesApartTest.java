package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nodes in network namespaces of their own, whose wires are pulled: what was sent is lost without a word. Needs root and `ip`.
@Timeout(240)
class NodesApartTest {
    private static final AtomicInteger USERS = new AtomicInteger();

    @TempDir
    static Path directory;

    private static Network network;
    private static TestCluster cluster;
    private String user;
    private String address;

    @BeforeAll
    static void start() throws IOException {
        try {
            network = Network.of(2);
        } catch (IOException e) {
            Assumptions.abort("no network namespaces: " + e.getMessage());
        }
        var nodes = List.of(network.node(0, Network.Side.MAIL), network.node(1, Network.Side.MAIL));
        cluster = TestCluster.start(directory, new TestCluster.Layout(
                network.host(Network.Side.MAIL), network.host(Network.Side.REDIS), nodes, List.of(network.inside(0), network.inside(1)), false));
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @BeforeEach
    void account() throws IOException, InterruptedException {
        cluster.whole();
        user = "user" + USERS.incrementAndGet();
        address = user + "@example.com";
        try (var api = cluster.api(0)) {
            api.createUser(user, "secret-password", address);
        }
    }

    private void deliver(int node, String subject) throws IOException {
        try (var smtp = cluster.direct(node, "mx")) {
            assertThat(smtp.read()).startsWith("220");
            for (var line : List.of(
                    "HELO client.example", "MAIL FROM:<sender@example.net>", "RCPT TO:<" + address + ">", "DATA",
                    "Subject: " + subject + "\r\n\r\ntext\r\n.")) {
                smtp.send(line);
                assertThat(smtp.read()).startsWith(line.equals("DATA") ? "354" : "250");
            }
        }
    }

    /// How long after the reply to the sender a session that idles on node 1 hears of a message that node 0 took, in ms.
    private double idleHears(String subject) throws IOException {
        try (var imap = cluster.imap(1, user)) {
            assertThat(imap.imap("SELECT INBOX").getLast()).startsWith("x OK");
            imap.send("x IDLE");
            assertThat(imap.read()).startsWith("+");
            deliver(0, subject);
            long acknowledged = System.nanoTime();
            while (!imap.read().endsWith("EXISTS")) {
                // RECENT and the like
            }
            return (System.nanoTime() - acknowledged) / 1e6;
        }
    }

    private static List<String> flags(LineClient imap) throws IOException {
        imap.imap("NOOP");
        return imap.imap("FETCH 1:* (UID FLAGS)").stream().filter(l -> l.contains(" FETCH ")).toList();
    }

    private void pull(boolean pulled, Network.Side side, int... nodes) throws IOException {
        for (int n : nodes) {
            if (pulled) {
                network.pull(n, side);
            } else {
                network.plug(n, side);
            }
        }
    }

    @Test
    void redisOutOfReachOfBothNodes() throws IOException, InterruptedException {
        var ledger = new Ledger(cluster.haproxy().address("mx"), address);
        ledger.begin(4);
        TestCluster.await("load", () -> ledger.acknowledged() > 20);
        pull(true, Network.Side.REDIS, 0, 1);
        int before = ledger.acknowledged();
        TestCluster.await("goes on without redis", () -> ledger.acknowledged() > before + 20);
        TimeUnit.SECONDS.sleep(15);
        ledger.end();
        try (var one = cluster.imap(0, user);
                var two = cluster.imap(1, user)) {
            one.imap("SELECT INBOX");
            two.imap("SELECT INBOX");
            assertThat(one.imap("STORE 1:10 +FLAGS (\\Flagged)").getLast()).startsWith("x OK");
            assertThat(two.imap("STORE 5:15 +FLAGS (\\Answered $Mine)").getLast()).startsWith("x OK");
            assertThat(flags(one)).isEqualTo(flags(two)).anyMatch(l -> l.contains("\\Flagged") && l.contains("$Mine"));
            double without = idleHears("while redis is away");
            pull(false, Network.Side.REDIS, 0, 1);
            assertThat(without).as("by looking into the journal").isLessThan(15_000);
            System.out.println("redis cut off from both nodes: " + ledger.check(one));
            TimeUnit.SECONDS.sleep(8);
            double with = idleHears("when redis is back");
            System.out.printf("idle on the other node: %.0f ms without redis, %.0f ms with it again%n", without, with);
            assertThat(with).isLessThan(1000);
            assertThat(two.imap("STORE 1:10 -FLAGS (\\Flagged)").getLast()).startsWith("x OK");
            assertThat(flags(one)).isEqualTo(flags(two)).noneMatch(l -> l.contains("\\Flagged"));
        }
    }

    @Test
    void aNodeOutOfReachOfEverything() throws IOException, InterruptedException {
        var ledger = new Ledger(cluster.haproxy().address("mx"), address);
        ledger.begin(6);
        TestCluster.await("load", () -> ledger.acknowledged() > 20);
        pull(true, Network.Side.MAIL, 0);
        pull(true, Network.Side.REDIS, 0);
        int before = ledger.acknowledged();
        TestCluster.await("the other node goes on", () -> ledger.acknowledged() > before + 50);
        TimeUnit.SECONDS.sleep(20);
        pull(false, Network.Side.MAIL, 0);
        pull(false, Network.Side.REDIS, 0);
        ledger.end();
        TestCluster.await("ready again", () -> cluster.ready(0).equals("200 ready"));
        try (var one = cluster.imap(0, user);
                var two = cluster.imap(1, user)) {
            two.imap("SELECT INBOX");
            TestCluster.await("as many as were acknowledged", () -> {
                one.imap("SELECT INBOX");
                return flags(one).size() >= ledger.acknowledged();
            });
            System.out.println("a node cut off from everything: " + ledger.check(one));
            assertThat(flags(one)).isEqualTo(flags(two));
        }
    }
}
