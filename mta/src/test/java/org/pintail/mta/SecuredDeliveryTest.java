package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Documents;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dns.DnsType;
import org.pintail.dns.FakeDns;
import org.pintail.dns.TlsaRecord;
import org.pintail.fetch.HttpsClient;
import org.pintail.mime.Source;
import org.pintail.srs.Srs;
import org.pintail.testkit.CannedHttps;
import org.pintail.testkit.ScriptedServer;
import org.pintail.tlsrpt.TlsReport;

/// Mail to example.net, whose only host mx.example.net is a server of the test: what DANE and MTA-STS keep from it, and what is reported.
class SecuredDeliveryTest {
    private static final String MESSAGE = "From: <alice@example.org>\r\nSubject: x\r\n\r\nhello\r\n";
    private static final String GREETED = "S: 220 mx\nC: EHLO mail.example.org\nS: 250-mx\nS: 250 STARTTLS\n";
    private static final String TLS = GREETED + "C: STARTTLS\nS: 220 go\nS: (tls)\n";
    private static final String TAKEN =
            "C: MAIL FROM:<...\nS: 250 ok\nC: RCPT TO:<...\nS: 250 ok\nC: DATA\nS: 354 go\nC: (message)\nS: 250 taken\n";
    private static final String SECURED = TLS + "C: EHLO mail.example.org\nS: 250 mx\n" + TAKEN;
    private final Identity root = TestCertificates.authority("root", null);
    private final Identity good = TestCertificates.server(root, "mx.example.net");
    private final Identity wrong = TestCertificates.server(root, "other.example.net");
    private final FakeDns dns = new FakeDns().mx("example.net", 10, "mx.example.net").address("mx.example.net", "127.0.0.1");

    private static TlsaRecord tlsa(X509Certificate of) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(of.getPublicKey().getEncoded());
            return new TlsaRecord(3, 1, 1, HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// How a delivery ended: "delivered", or the reply that put it off.
    private record Ended(String how, List<TlsReport.Result> reported) {
        private Ended {
            reported = List.copyOf(reported);
        }

        private String result() {
            var result = reported.getFirst();
            return result.policy().type() + " " + (result.failures().isEmpty() ? "ok" : result.failures().getFirst().type());
        }
    }

    private Ended deliver(ScriptedServer sink, @org.jspecify.annotations.Nullable CannedHttps web) throws Exception {
        try (sink; var mta = new MtaFixture(null, sink.address().getPort())) {
            return deliver(mta, web);
        }
    }

    private Ended deliver(MtaFixture mta, @org.jspecify.annotations.Nullable CannedHttps web) throws InterruptedException {
        var results = new TlsResults(mta.store().documents(), mta.clock());
        var trust = TestCertificates.trusting(root.certificate());
        var https = new HttpsClient(
                dns, new HttpsClient.Settings(trust, InetAddress::isLoopbackAddress, web == null ? 1 : web.port(), Duration.ofSeconds(2)));
        var sts = new StsPolicies(dns, https, mta.store().documents(), mta.clock());
        mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
        mta.dispatch(new Dispatcher.Outward(dns, mta.keys(), null, sts, true, trust, results));
        var how = mta.awaitOutcome();
        results.flush();
        var reported = new ArrayList<TlsReport.Result>();
        for (var d : mta.store().documents().list(org.pintail.mail.Collections.TLS_RESULTS, null, true, 10)) {
            reported.add(TlsResults.result(d));
        }
        return new Ended(how, reported);
    }

    private void secure() {
        dns.secure("example.net");
    }

    private void putTlsa(int port, TlsaRecord... records) {
        dns.put("_" + port + "._tcp.mx.example.net", DnsType.TLSA, records);
    }

    @Test
    void aCertificateThatNoTlsaRecordMatchesGetsNothing() throws Exception {
        secure();
        var sink = new ScriptedServer(wrong.server(), TLS);
        putTlsa(sink.address().getPort(), tlsa(good.certificate()));
        var ended = deliverFailing(sink);
        assertThat(ended.how()).startsWith("451 4.7.5 TLS as tlsa asks cannot be had from mx.example.net");
        assertThat(ended.result()).isEqualTo("tlsa validation-failure");
    }

    /// The handshake fails on the server's side as well, which is no mistake of the test.
    private Ended deliverFailing(ScriptedServer sink) throws Exception {
        try (var mta = new MtaFixture(null, sink.address().getPort())) {
            return deliver(mta, null);
        }
    }

    @Test
    void tlsaWithoutStarttlsGetsNothing() throws Exception {
        secure();
        var sink = new ScriptedServer("S: 220 mx\nC: EHLO mail.example.org\nS: 250 mx\nC: QUIT\n");
        putTlsa(sink.address().getPort(), tlsa(good.certificate()));
        var ended = deliverFailing(sink);
        assertThat(ended.how()).startsWith("451 4.7.5 ");
        assertThat(ended.result()).isEqualTo("tlsa starttls-not-supported");
    }

    @Test
    void tlsaThatCannotBeHadKeepsTheHostOut() throws Exception {
        secure();
        var sink = new ScriptedServer();
        dns.fails("_" + sink.address().getPort() + "._tcp.mx.example.net");
        var ended = deliver(sink, null);
        assertThat(ended.how()).startsWith("451 4.7.5 TLSA records of mx.example.net cannot be had");
        assertThat(ended.result()).isEqualTo("tlsa dnssec-invalid");
    }

    @Test
    void aForgedAnswerAboutTheHostsIsTemporary() throws Exception {
        dns.bogus("example.net");
        try (var mta = new MtaFixture(null, 25)) {
            assertThat(deliver(mta, null).how()).startsWith("451 4.7.5 DNSSEC does not prove");
        }
    }

    @Test
    void aMatchingCertificateGetsTheMail() throws Exception {
        secure();
        var sink = new ScriptedServer(good.server(), SECURED);
        putTlsa(sink.address().getPort(), tlsa(good.certificate()));
        var ended = deliver(sink, null);
        assertThat(ended.how()).isEqualTo("delivered");
        assertThat(ended.result()).isEqualTo("tlsa ok");
    }

    @Test
    void recordsOfAnUnprovedZoneSayNothing() throws Exception {
        var sink = new ScriptedServer(wrong.server(), SECURED);
        putTlsa(sink.address().getPort(), tlsa(good.certificate()));
        var ended = deliver(sink, null);
        assertThat(ended.how()).isEqualTo("delivered");
        assertThat(ended.result()).isEqualTo("no-policy-found ok");
        assertThat(dns.asked()).noneMatch(q -> q.startsWith("TLSA"));
    }

    @Test
    void unusableRecordsWantTlsWithAnyCertificate() throws Exception {
        secure();
        var sink = new ScriptedServer(wrong.server(), SECURED);
        putTlsa(sink.address().getPort(), new TlsaRecord(1, 1, 1, "00".repeat(32)));
        assertThat(deliver(sink, null).how()).isEqualTo("delivered");
        var plain = new ScriptedServer("S: 220 mx\nC: EHLO mail.example.org\nS: 250 mx\nC: QUIT\n");
        putTlsa(plain.address().getPort(), new TlsaRecord(1, 1, 1, "00".repeat(32)));
        assertThat(deliverFailing(plain).how()).startsWith("451 4.7.5 ");
    }

    @Test
    void theNameThatCnamesLeadToIsAskedFirst() throws Exception {
        secure();
        dns.mx("alias.example.net", 10, "cname.example.net").cname("cname.example.net", "mx.example.net");
        var resolved = new DnsMxResolver(dns).hosts("alias.example.net").getFirst();
        assertThat(resolved.canonical()).isEqualTo("mx.example.net");
        putTlsa(2525, tlsa(good.certificate()));
        try (var mta = new MtaFixture(null, 2525)) {
            var results = new TlsResults(mta.store().documents(), mta.clock());
            var security = new TransportSecurity(
                    dns, new TransportSecurity.Settings(true, TestCertificates.trusting(root.certificate())), null, results, mta.clock());
            assertThat(security.of("alias.example.net", null, resolved, 2525))
                    .isInstanceOfSatisfying(TransportSecurity.Connect.class, c -> {
                        assertThat(c.serverName()).isEqualTo("mx.example.net");
                        assertThat(c.security().enforced()).isTrue();
                    });
        }
    }

    private static String policy(String mode, String mx) {
        return "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 86400\n";
    }

    private CannedHttps web(String... answers) throws IOException {
        dns.txt("_mta-sts.example.net", "v=STSv1; id=1;").address("mta-sts.example.net", "127.0.0.1");
        return new CannedHttps(TestCertificates.server(root, "mta-sts.example.net").server(), answers);
    }

    @Test
    void enforcedPoliciesWantATrustedCertificate() throws Exception {
        try (var web = web(CannedHttps.ok("text/plain", policy("enforce", "mx.example.net")))) {
            var sink = new ScriptedServer(wrong.server(), TLS);
            try (var mta = new MtaFixture(null, sink.address().getPort())) {
                var ended = deliver(mta, web);
                assertThat(ended.how()).startsWith("451 4.7.5 TLS as sts asks cannot be had");
                assertThat(ended.result()).isEqualTo("sts certificate-host-mismatch");
            }
        }
    }

    @Test
    void hostsThatAnEnforcedPolicyDoesNotNameGetNothing() throws Exception {
        try (var web = web(CannedHttps.ok("text/plain", policy("enforce", "mx.example.com")))) {
            var ended = deliver(new ScriptedServer(), web);
            assertThat(ended.how()).startsWith("451 4.7.5 mx.example.net is not among the hosts");
            assertThat(ended.result()).isEqualTo("sts validation-failure");
        }
    }

    @Test
    void aTrustedCertificateGetsTheMail() throws Exception {
        try (var web = web(CannedHttps.ok("text/plain", policy("enforce", "*.example.net")))) {
            var ended = deliver(new ScriptedServer(good.server(), SECURED), web);
            assertThat(ended.how()).isEqualTo("delivered");
            assertThat(ended.result()).isEqualTo("sts ok");
            assertThat(ended.reported().getFirst().policy().text()).contains("mode: enforce");
        }
    }

    @Test
    void policiesUnderTestAreReportedAndNotEnforced() throws Exception {
        try (var web = web(CannedHttps.ok("text/plain", policy("testing", "mx.example.net")))) {
            var ended = deliver(new ScriptedServer(wrong.server(), SECURED), web);
            assertThat(ended.how()).isEqualTo("delivered");
            assertThat(ended.result()).isEqualTo("sts certificate-host-mismatch");
        }
    }

    @Test
    void aPolicyThatCannotBeFetchedStopsNothing() throws Exception {
        try (var web = web("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")) {
            var ended = deliver(new ScriptedServer(wrong.server(), SECURED), web);
            assertThat(ended.how()).isEqualTo("delivered");
            assertThat(ended.reported())
                    .flatExtracting(TlsReport.Result::failures)
                    .extracting(TlsReport.Failure::type)
                    .containsExactly("sts-policy-fetch-error");
        }
    }

    @Test
    void daneGoesBeforeMtaSts() throws Exception {
        secure();
        try (var web = web(CannedHttps.ok("text/plain", policy("enforce", "mx.example.com")))) {
            var sink = new ScriptedServer(wrong.server(), SECURED);
            putTlsa(sink.address().getPort(), tlsa(wrong.certificate()));
            assertThat(deliver(sink, web).how()).isEqualTo("delivered");
        }
    }

    private static StsPolicies.Answer find(StsPolicies sts) {
        return sts.find("example.net");
    }

    @Test
    void policiesAreKeptForAsLongAsTheySay() throws Exception {
        try (var web = web(
                        CannedHttps.ok("text/plain", policy("enforce", "mx.example.net")),
                        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
                        CannedHttps.ok("text/plain", policy("testing", "mx.example.net")));
                var mta = new MtaFixture(null, 25)) {
            var trust = TestCertificates.trusting(root.certificate());
            var https = new HttpsClient(dns, new HttpsClient.Settings(trust, InetAddress::isLoopbackAddress, web.port(), Duration.ofSeconds(2)));
            Documents documents = mta.store().documents();
            var sts = new StsPolicies(dns, https, documents, mta.clock());
            var enforced = find(sts);
            assertThat(enforced).isInstanceOf(StsPolicies.Found.class);
            assertThat(find(sts)).isEqualTo(enforced);
            assertThat(web.requests()).hasSize(1); // same id, same policy

            var withoutRecord = new StsPolicies(new FakeDns(), https, documents, mta.clock());
            assertThat(find(withoutRecord)).isEqualTo(enforced); // who hides the record cannot hide the promise

            var renewed = new FakeDns().txt("_mta-sts.example.net", "v=STSv1; id=2;").address("mta-sts.example.net", "127.0.0.1");
            var changed = new StsPolicies(renewed, new HttpsClient(renewed, new HttpsClient.Settings(trust, InetAddress::isLoopbackAddress, web.port(), Duration.ofSeconds(2))), documents, mta.clock());
            assertThat(find(changed)).isEqualTo(enforced); // the new one cannot be had: the old one holds
            assertThat(find(changed)).isEqualTo(enforced);
            assertThat(web.requests()).hasSize(2); // and is not asked for again at once

            mta.clock().advance(Duration.ofHours(2));
            assertThat(find(changed)).isInstanceOfSatisfying(StsPolicies.Found.class, f -> assertThat(f.policy().mode()).hasToString("TESTING"));
            mta.clock().advance(Duration.ofDays(2));
            assertThat(find(withoutRecord)).isInstanceOf(StsPolicies.None.class); // expired
        }
    }

    @Test
    void whatIsNoPolicyIsToldFromWhatCannotBeHad() throws Exception {
        for (var bad : new String[][] {
            {"HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", "sts-policy-fetch-error"},
            {CannedHttps.ok("text/html", policy("enforce", "mx.example.net")), "sts-policy-invalid"},
            {CannedHttps.ok("text/plain", "mode: enforce"), "sts-policy-invalid"},
            {CannedHttps.ok("text/plain", "x".repeat(70_000)), "sts-policy-fetch-error"},
        }) {
            try (var web = web(bad[0]); var mta = new MtaFixture(null, 25)) {
                var alone = new FakeDns().txt("_mta-sts.example.net", "v=STSv1; id=1;").address("mta-sts.example.net", "127.0.0.1");
                var trust = TestCertificates.trusting(root.certificate());
                var https = new HttpsClient(alone, new HttpsClient.Settings(trust, InetAddress::isLoopbackAddress, web.port(), Duration.ofSeconds(2)));
                assertThat(find(new StsPolicies(alone, https, mta.store().documents(), mta.clock())))
                        .isInstanceOfSatisfying(StsPolicies.Unusable.class, u -> assertThat(u.type()).isEqualTo(bad[1]));
            }
        }
    }

    @Test
    void forwardedMailLeavesWithAnAddressOfOurs() throws Exception {
        var srs = new Srs("a secret", "fwd.example.org");
        {
            var rewritten = srs.rewrite("sender@example.com", new org.pintail.backend.TestClock().instant());
            var script = "S: 220 mx\nC: EHLO mail.example.org\nS: 250 mx\nC: MAIL FROM:<" + rewritten + ">\nS: 250 ok\n"
                    + "C: RCPT TO:<carol@example.net>\nS: 250 ok\nC: DATA\nS: 354 go\nC: (message)\nS: 250 taken\n";
            try (var checked = new ScriptedServer(script); var forwarding = new MtaFixture(null, checked.address().getPort())) {
                var message = Source.of(MESSAGE.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                forwarding.outbox().forward(message, "sender@example.com", "fwd@example.org", List.of("carol@example.net"));
                var results = new TlsResults(forwarding.store().documents(), forwarding.clock());
                forwarding.dispatch(new Dispatcher.Outward(dns, forwarding.keys(), srs, null, true, TestCertificates.trusting(), results));
                forwarding.awaitEmptyQueue();
                checked.await();
            }
        }
    }
}
