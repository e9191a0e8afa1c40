package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.arc.ArcVerdict;
import org.pintail.arc.ArcVerifier;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningKey;
import org.pintail.mime.Source;
import org.pintail.resolver.DnsResolver;
import org.pintail.resolver.ResolverSettings;
import org.pintail.testkit.SignedZones;

/// A message that two servers forward, one to the other: sender, first.test, second.test, somebody else. It keeps a chain of two ARC seals,
/// and a bounce finds its way back through both.
class ForwardedMailTest {
    private static final SigningKey KEY = SigningKey.generateRsa();

    @TempDir
    Path directory;

    private ServerProcess node(String name, int next, String dns) throws Exception {
        var node = ServerProcess.start(
                directory.resolve(name), "server.hostname=mx." + name, "delivery.route=127.0.0.1:" + next, "dns.servers=" + dns, "auth.exempt=", "srs.domain=" + name);
        var key = Files.writeString(directory.resolve("key.pem"), KEY.pem());
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "org.pintail.suite.Main"));
        command.addAll(List.of("dkim", "create", name, "--selector", "k", "--key", key.toString(), "--data", node.data().toString()));
        var created = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("dkim.log").toFile()).start();
        assertThat(created.waitFor(60, TimeUnit.SECONDS) && created.exitValue() == 0).as(Files.readString(directory.resolve("dkim.log"))).isTrue();
        return node;
    }

    private static void forward(ServerProcess node, String address, String target) throws IOException {
        try (var api = new ApiClient(node.address("api"))) {
            var reply = api.post("/addresses/forwarded", Map.of("address", address, "targets", List.of(target)));
            assertThat(reply.json().path("success").asBoolean()).as(new String(reply.body(), StandardCharsets.UTF_8)).isTrue();
        }
    }

    /// The reply to the whole message, or to RCPT if that was refused.
    private static String send(ServerProcess to, String sender, String recipient, String message) throws IOException {
        try (var client = new LineClient(to.address("mx"))) {
            client.read();
            client.send("HELO client.test");
            client.read();
            client.send("MAIL FROM:<" + sender + ">");
            client.read();
            client.send("RCPT TO:<" + recipient + ">");
            var rcpt = client.read();
            if (!rcpt.startsWith("250")) {
                return rcpt;
            }
            client.send("DATA");
            client.read();
            client.send(message + ".");
            return client.read();
        }
    }

    @Test
    void aForwardedMessageKeepsItsChainAndItsWayBack() throws Exception {
        Assumptions.assumeTrue(SignedZones.missing().isEmpty(), SignedZones.missing());
        var record = KEY.zoneLine("k", "X");
        var strings = record.substring(record.indexOf("IN TXT"));
        try (var zones = new SignedZones(directory).unsigned("first.test", "k._domainkey " + strings + "\n").unsigned("second.test", "k._domainkey " + strings + "\n").start();
                var other = CapturingServer.start();
                var second = node("second.test", other.port(), zones.server());
                var first = node("first.test", second.port("mx"), zones.server())) {
            forward(first, "ann@first.test", "ann@second.test");
            forward(second, "ann@second.test", "ann@other.test");
            assertThat(send(first, "bob@sender.test", "ann@first.test", "From: bob@sender.test\r\nSubject: x\r\n\r\nhello\r\n")).startsWith("250");

            var message = other.await("ann@other.test", Duration.ofSeconds(30));
            var dns = new DnsResolver(ResolverSettings.of(List.of(zones.server())));
            var verifier = new ArcVerifier(dns, DkimLimits.DEFAULT);
            var bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
            var verdict = verifier.verify(MessageScan.of(Source.of(bytes), DkimLimits.DEFAULT, verifier::wanted));
            assertThat(verdict.status()).as(verdict.reason() + "\n" + message).isEqualTo(ArcVerdict.Status.PASS);
            assertThat(verdict.links()).extracting(ArcVerdict.Link::sealer).containsExactly("first.test", "second.test");
            assertThat(verdict.links().getLast().row("arc").orElseThrow().result()).isEqualTo("pass");

            // the return path unwraps at the second server to the first one's, and there to the sender
            var outer = other.sender("ann@other.test");
            assertThat(outer).startsWith("SRS1=").endsWith("@second.test");
            assertThat(send(second, "", outer, "From: postmaster@other.test\r\nSubject: bounce\r\n\r\nno\r\n")).startsWith("250");
            var inner = other.recipientStartingWith("SRS0=", Duration.ofSeconds(30));
            assertThat(inner).endsWith("=sender.test=bob@first.test");
            assertThat(send(first, "", inner.replace("sender.test", "forged.test"), "x")).startsWith("550");
            assertThat(send(first, "", inner, "From: postmaster@other.test\r\nSubject: bounce\r\n\r\nno\r\n")).startsWith("250");
        }
    }
}
