package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dns.Dns;
import org.pintail.fetch.HttpsClient;
import org.pintail.resolver.DnsResolver;
import org.pintail.resolver.ResolverSettings;
import org.pintail.testkit.CannedHttps;
import org.pintail.testkit.ScriptedServer;
import org.pintail.testkit.SignedZones;

/// DANE and MTA-STS with zones that are signed here and served by nsd: good, wrong, missing, expired.
class SignedZonesTest {
    private static final String MESSAGE = "From: <alice@example.org>\r\nSubject: x\r\n\r\nhello\r\n";
    private static final String GREETED = "S: 220 mx\nC: EHLO mail.example.org\nS: 250-mx\nS: 250 STARTTLS\n";
    private static final String TLS = GREETED + "C: STARTTLS\nS: 220 go\nS: (tls)\n";
    private static final String SECURED = TLS + "C: EHLO mail.example.org\nS: 250 mx\n"
            + "C: MAIL FROM:<...\nS: 250 ok\nC: RCPT TO:<...\nS: 250 ok\nC: DATA\nS: 354 go\nC: (message)\nS: 250 taken\n";
    private static final Instant NOW = Instant.now();
    private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));
    private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));

    @TempDir
    Path directory = Path.of(".");

    private final Identity root = TestCertificates.authority("root", null);

    @BeforeEach
    void needsNsd() {
        assumeTrue(SignedZones.missing().isEmpty(), SignedZones.missing());
    }

    private static String digest(Identity identity) {
        try {
            var key = identity.certificate().getPublicKey().getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String hosts(String more) {
        return "@ MX 10 mx\nmx A 127.0.0.1\nmta-sts A 127.0.0.1\n" + more;
    }

    private Dns resolver(SignedZones zones, ResolverSettings.Dnssec dnssec) throws IOException {
        var d = ResolverSettings.of(java.util.List.of(zones.server()));
        return new DnsResolver(new ResolverSettings(d.servers(), dnssec, zones.anchors(), Duration.ofSeconds(10), d.concurrency(), d.cacheBytes()));
    }

    /// "delivered", or the reply that put the message off.
    private String deliver(Dns dns, ScriptedServer sink, String domain, int webPort) throws Exception {
        try (var mta = new MtaFixture(null, sink.address().getPort())) {
            var trust = TestCertificates.trusting(root.certificate());
            var web = new HttpsClient(dns, new HttpsClient.Settings(trust, InetAddress::isLoopbackAddress, webPort, Duration.ofSeconds(2)));
            var sts = new StsPolicies(dns, web, mta.store().documents(), mta.clock());
            mta.enqueue("alice@example.org", MESSAGE, "carol@" + domain);
            mta.dispatch(mta.outward(dns, sts, trust));
            return mta.awaitOutcome();
        }
    }

    @Test
    void daneWithGoodWrongMissingAndExpiredRecords() throws Exception {
        var identity = TestCertificates.server(null, "mx.good.test");
        var sink = new ScriptedServer(identity.server(), SECURED, TLS, SECURED);
        var name = "_" + sink.address().getPort() + "._tcp.mx";
        var good = name + " TLSA 3 1 1 " + digest(identity) + "\n";
        var wrong = name + " TLSA 3 1 1 " + "00".repeat(32) + "\n";
        try (var zones = new SignedZones(Files.createDirectories(directory.resolve("dns")))
                .sign("good.test", hosts(good), YESTERDAY, TOMORROW)
                .sign("wrong.test", hosts(wrong), YESTERDAY, TOMORROW)
                .sign("missing.test", hosts(""), YESTERDAY, TOMORROW)
                .sign("expired.test", hosts(good), YESTERDAY.minus(Duration.ofDays(9)), YESTERDAY)
                .start()) {
            var dns = resolver(zones, ResolverSettings.Dnssec.VALIDATE);
            assertThat(deliver(dns, sink, "good.test", 1)).isEqualTo("delivered");
            assertThat(deliver(dns, sink, "wrong.test", 1)).startsWith("451 4.7.5 TLS as tlsa asks cannot be had");
            assertThat(deliver(dns, sink, "missing.test", 1)).isEqualTo("delivered");
            assertThat(deliver(dns, sink, "expired.test", 1)).startsWith("451 4.7.5 DNSSEC does not prove the answer for expired.test");
        }
    }

    @Test
    void aResolverThatDoesNotValidateStopsNothing() throws Exception {
        var identity = TestCertificates.server(null, "mx.wrong.test");
        var sink = new ScriptedServer(identity.server(), SECURED, SECURED);
        var wrong = "_" + sink.address().getPort() + "._tcp.mx TLSA 3 1 1 " + "00".repeat(32) + "\n";
        try (var zones = new SignedZones(Files.createDirectories(directory.resolve("dns")))
                .sign("wrong.test", hosts(wrong), YESTERDAY, TOMORROW)
                .start()) {
            for (var dnssec : new ResolverSettings.Dnssec[] {ResolverSettings.Dnssec.OFF, ResolverSettings.Dnssec.RESOLVER}) {
                assertThat(deliver(resolver(zones, dnssec), sink, "wrong.test", 1)).as("%s", dnssec).isEqualTo("delivered");
            }
        }
    }

    @Test
    void mtaStsWithGoodWrongMissingAndExpiredPolicies() throws Exception {
        var identity = TestCertificates.server(root, "mx.good.test", "mx.wrong.test", "mx.missing.test", "mx.expired.test");
        var policies = TestCertificates.server(root, "mta-sts.good.test", "mta-sts.wrong.test", "mta-sts.expired.test");
        var late = TestCertificates.expired(root, "mta-sts.expired.test");
        var sink = new ScriptedServer(identity.server(), SECURED, SECURED, SECURED);
        var announced = "_mta-sts TXT \"v=STSv1; id=1\"\n";
        try (var zones = new SignedZones(Files.createDirectories(directory.resolve("dns")))
                        .sign("good.test", hosts(announced), YESTERDAY, TOMORROW)
                        .sign("wrong.test", hosts(announced), YESTERDAY, TOMORROW)
                        .sign("missing.test", hosts(""), YESTERDAY, TOMORROW)
                        .unsigned("expired.test", hosts(announced))
                        .start();
                var good = new CannedHttps(policies.server(), CannedHttps.ok("text/plain", policy("*.good.test")));
                var wrong = new CannedHttps(policies.server(), CannedHttps.ok("text/plain", policy("mx.elsewhere.test")));
                var expired = new CannedHttps(late.server(), CannedHttps.ok("text/plain", policy("mx.elsewhere.test")))) {
            var dns = resolver(zones, ResolverSettings.Dnssec.VALIDATE);
            assertThat(deliver(dns, sink, "good.test", good.port())).isEqualTo("delivered");
            assertThat(deliver(dns, sink, "wrong.test", wrong.port())).startsWith("451 4.7.5 mx.wrong.test is not among the hosts");
            assertThat(deliver(dns, sink, "missing.test", 1)).isEqualTo("delivered");
            assertThat(deliver(dns, sink, "expired.test", expired.port())).isEqualTo("delivered"); // a policy host with an expired certificate has no say
        }
    }

    private static String policy(String mx) {
        return "version: STSv1\nmode: enforce\nmx: " + mx + "\nmax_age: 86400\n";
    }
}
