package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.address.MailAddress;
import org.pintail.arc.ArcVerdict;
import org.pintail.auth.AuthSettings;
import org.pintail.auth.MailAuthentication;
import org.pintail.backend.Document;
import org.pintail.dkim.SigningKey;
import org.pintail.mail.DkimKeys;
import org.pintail.mime.Source;
import org.pintail.resolver.DnsResolver;
import org.pintail.resolver.ResolverSettings;
import org.pintail.smtp.SmtpClient;
import org.pintail.spf.SpfClient;
import org.pintail.srs.Srs;
import org.pintail.testkit.ScriptedServer;
import org.pintail.testkit.SignedZones;

/// A message is forwarded by a.test to b.test and by b.test to somebody else: two whole servers, one name server.
class ForwardChainTest {
    private static final SigningKey KEY = SigningKey.generateRsa();
    private static final String MESSAGE = "From: <ann@c.test>\r\nSubject: x\r\nMessage-ID: <1@c.test>\r\nDate: Mon, 2 Nov 2026 12:00:00 +0000\r\n\r\nhello\r\n";

    @TempDir
    Path directory = Path.of(".");

    private Suite node(String domain, String dns, String route) throws IOException {
        var data = Files.createDirectories(directory.resolve(domain));
        var sets = List.of(
                "server.hostname=mx." + domain,
                "store.engine=memory",
                "mx.listen=127.0.0.1:0",
                "dns.servers=" + dns,
                "delivery.route=" + route,
                "auth.exempt=",
                "srs.domain=" + domain,
                "srs.secret=secret of " + domain);
        var suite = Suite.start(ConfigReader.read(data.resolve("none.toml"), Map.of(), sets), data, Set.of(Role.MX, Role.DELIVERY));
        new DkimKeys(suite.mail().store().documents(), "", Clock.systemUTC()).put(domain, List.of(new DkimKeys.Key(domain, "k", KEY)), "");
        return suite;
    }

    private static String address(Suite suite) {
        return Addresses.show(suite.address("mx"));
    }

    private static List<Integer> send(Suite to, String sender, String recipient, String message) throws IOException {
        var settings = new SmtpClient.Settings(
                "client.test", SmtpClient.TlsMode.NONE, null, Duration.ofSeconds(5), Duration.ofSeconds(10), false);
        try (var client = SmtpClient.connect(to.address("mx"), "mx", settings)) {
            var replies = client.send(sender, List.of(recipient), Source.of(message.getBytes(StandardCharsets.US_ASCII)), false).perRecipient();
            return replies.stream().map(r -> r.code()).toList();
        }
    }

    @Test
    void twoForwardersKeepAnArcChainAndAReturnPathThatLeadsBack() throws Exception {
        assumeTrue(SignedZones.missing().isEmpty(), SignedZones.missing());
        var now = Clock.systemUTC().instant();
        var ofA = new Srs("secret of a.test", "a.test");
        var ofB = new Srs("secret of b.test", "b.test");
        var path = ofB.rewrite(ofA.rewrite("ann@c.test", now), now);
        var record = KEY.zoneLine("k", "a.test").replaceFirst("^\\S+", "k._domainkey");
        try (var zones = new SignedZones(Files.createDirectories(directory.resolve("dns")))
                        .unsigned("a.test", record + "\n")
                        .unsigned("b.test", record.replace("a.test", "b.test") + "\n")
                        .unsigned("c.test", "@ TXT \"v=spf1 -all\"\n")
                        .start();
                var sink = new ScriptedServer("S: 220 mx\nC: EHLO mx.b.test\nS: 250 mx\nC: MAIL FROM:<" + path + ">...\nS: 250 ok\n"
                        + "C: RCPT TO:<end@d.test>\nS: 250 ok\nC: DATA\nS: 354 go\nC: (message)\nS: 250 taken\n");
                var b = node("b.test", zones.server(), "127.0.0.1:" + sink.address().getPort());
                var a = node("a.test", zones.server(), address(b))) {
            a.mail().addresses().addForwarded("first@a.test", List.of("second@b.test"), Document.EMPTY);
            b.mail().addresses().addForwarded("second@b.test", List.of("end@d.test"), Document.EMPTY);
            assertThat(send(a, "ann@c.test", "first@a.test", MESSAGE)).containsExactly(250);
            sink.await();

            var arrived = sink.messages().getFirst();
            var dns = new DnsResolver(ResolverSettings.of(List.of(zones.server())));
            var report = new MailAuthentication(dns, AuthSettings.defaults("mx.d.test"), Clock.systemUTC(), () -> 0)
                    .check(new SpfClient(InetAddress.getLoopbackAddress(), "mx.b.test", "mx.d.test"), "", Source.of(arrived.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(report.arc().status()).as(report.arc().reason()).isEqualTo(ArcVerdict.Status.PASS);
            assertThat(report.arc().instances()).isEqualTo(2);

            var back = new ArrayList<String>();
            back.add(ofB.reverse(MailAddress.parse(path).orElseThrow(), now).orElseThrow().toString());
            back.add(ofA.reverse(MailAddress.parse(back.getFirst()).orElseThrow(), now).orElseThrow().toString());
            assertThat(back).satisfiesExactly(first -> assertThat(first).startsWith("SRS0=").endsWith("@a.test"), second -> assertThat(second).isEqualTo("ann@c.test"));
        }
    }
}
