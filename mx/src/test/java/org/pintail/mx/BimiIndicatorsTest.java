package org.pintail.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.auth.AuthSettings;
import org.pintail.auth.MailAuthentication;
import org.pintail.backend.Document;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.bimi.BimiTest;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimSigner;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningKey;
import org.pintail.dkim.SigningOptions;
import org.pintail.dns.FakeDns;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.Collections;
import org.pintail.mime.Source;
import org.pintail.spf.SpfClient;
import org.pintail.testkit.CannedHttps;

/// Mail of brand.example, signed or not, whose logo is at web.brand.example, a server of the test.
class BimiIndicatorsTest {
    private static final SigningKey KEY = SigningKey.generateEd25519();
    private static final String MESSAGE = "From: <news@brand.example>\r\nSubject: x\r\n\r\nhello\r\n";
    private final Identity root = TestCertificates.authority("root", null);
    private final Identity marks = TestCertificates.authority("marks", null);
    private final Shifted clock = new Shifted();
    private final MemoryStore store = new MemoryStore(clock);
    private final FakeDns dns = new FakeDns()
            .address("web.brand.example", "127.0.0.1")
            .txt("k._domainkey.brand.example", KEY.record());

    /// Certificates of tests are valid now, so the clock goes with the real one.
    private static final class Shifted extends Clock {
        private Duration by = Duration.ZERO;

        @Override
        public java.time.Instant instant() {
            return Clock.systemUTC().instant().plus(by);
        }

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException("instants only");
        }
    }

    private BimiIndicators.Shown judge(int port) throws IOException {
        return judge(port, signed());
    }

    private BimiIndicators.Shown judge(int port, Source message) throws IOException {
        var settings = new HttpsClient.Settings(TestCertificates.trusting(root.certificate()), InetAddress::isLoopbackAddress, port, Duration.ofSeconds(2));
        var images = new BimiImages(new HttpsClient(dns, settings), store.documents(), List.of(marks.certificate()), clock);
        var report = new MailAuthentication(dns, AuthSettings.defaults("mx.example.org"), clock, () -> 0)
                .check(new SpfClient(InetAddress.getByName("192.0.2.1"), "client.example", "mx.example.org"), "x@elsewhere.example", message);
        return new BimiIndicators(dns, images).judge(report);
    }

    private static Source signed() throws IOException {
        var message = Source.of(MESSAGE.getBytes(StandardCharsets.US_ASCII));
        var signer = new DkimSigner(SigningOptions.DEFAULT);
        var field = signer.sign(MessageScan.of(message, DkimLimits.DEFAULT, signer::wanted), "brand.example", "k", KEY, Clock.systemUTC().instant());
        return Source.concat(Source.of((field + "\r\n").getBytes(StandardCharsets.US_ASCII)), message);
    }

    private void policy(String policy) {
        dns.txt("_dmarc.brand.example", "v=DMARC1; " + policy);
    }

    private void record(String record) {
        dns.txt("default._bimi.brand.example", record);
    }

    private CannedHttps web(String... answers) throws IOException {
        return new CannedHttps(TestCertificates.server(root, "web.brand.example").server(), answers);
    }

    private static String svg(String logo) {
        return CannedHttps.ok("image/svg+xml", logo);
    }

    private String certificate(Identity authority, String host) {
        var mark = BimiTest.mark(authority, BimiTest.LOGO.getBytes(StandardCharsets.UTF_8), "image/svg+xml", host);
        return CannedHttps.ok("application/pem-certificate-chain", new String(BimiTest.pem(mark), StandardCharsets.ISO_8859_1));
    }

    private static String said(BimiIndicators.Shown shown) {
        var row = shown.row();
        return row.result() + "(" + row.comment() + ")" + row.property("policy", "authority").map(a -> " " + a).orElse("");
    }

    @Test
    void whatIsNotFullyProvedIsNotShown() throws IOException {
        record("v=BIMI1; l=https://web.brand.example/l.svg");
        assertThat(said(judge(1))).isEqualTo("skipped(DMARC not enabled)");
        policy("p=none");
        assertThat(said(judge(1))).isEqualTo("skipped(too lax DMARC policy)");
    }

    @Test
    void mailThatFailsDmarcOrIsNotSignedIsNotShown() throws IOException {
        record("v=BIMI1; l=https://web.brand.example/l.svg");
        policy("p=reject");
        assertThat(said(judge(1, Source.of(MESSAGE.getBytes(StandardCharsets.US_ASCII))))).isEqualTo("skipped(message failed DMARC)");
        dns.txt("elsewhere.example", "v=spf1 ip4:192.0.2.1 -all");
        assertThat(said(judge(1, Source.of(MESSAGE.getBytes(StandardCharsets.US_ASCII))))).isEqualTo("skipped(message failed DMARC)");
    }

    @Test
    void logosThatCannotBeHadOrAreBadAreNotShown() throws IOException {
        policy("p=reject");
        record("v=BIMI1; l=https://web.brand.example/l.svg");
        for (var bad : new String[][] {
            {"HTTP/1.1 302 Found\r\nLocation: https://x.example/\r\nContent-Length: 0\r\n\r\n", "HTTP_REQUEST_FAILED"},
            {svg("x".repeat(40_000)), "HTTP_REQUEST_FAILED"},
            {svg(BimiTest.LOGO.replace("<path", "<script/><path")), "LOGO_INVALID_ELEMENT"},
        }) {
            try (var web = web(bad[0])) {
                var shown = judge(web.port());
                assertThat(said(shown)).isEqualTo("pass(" + bad[1] + ") none");
                assertThat(shown.document()).isNull();
                assertThat(shown.fields()).doesNotContain("BIMI-Indicator");
            }
            clock.by = clock.by.plus(Duration.ofHours(2));
        }
    }

    @Test
    void addressesOfTheOwnNetworkAreNotVisited() throws IOException {
        policy("p=reject");
        dns.address("inside.brand.example", "10.0.0.1");
        record("v=BIMI1; l=https://inside.brand.example/l.svg");
        assertThat(said(judge(1))).isEqualTo("pass(HTTP_REQUEST_FAILED) none");
    }

    @Test
    void certificatesOfOthersConfirmNothing() throws IOException {
        policy("p=reject");
        record("v=BIMI1; l=; a=https://web.brand.example/a.pem");
        try (var web = web(certificate(TestCertificates.authority("x", null), "brand.example"))) {
            assertThat(said(judge(web.port()))).isEqualTo("pass(VMC_NOT_TRUSTED) fail");
        }
        clock.by = Duration.ofHours(2);
        try (var web = web(certificate(marks, "other.example"))) {
            assertThat(said(judge(web.port()))).isEqualTo("pass(VMC_DOMAIN_MISMATCH) fail");
        }
    }

    @Test
    void theLogoOfTheLocationMustBeTheOneInTheCertificate() throws IOException {
        policy("p=reject");
        record("v=BIMI1; l=https://web.brand.example/l.svg; a=https://web.brand.example/a.pem");
        try (var web = web(certificate(marks, "brand.example"), svg(BimiTest.LOGO.replace("Logo", "Other")))) {
            assertThat(said(judge(web.port()))).isEqualTo("pass(INVALID_LOGO_HASH) fail");
        }
    }

    @Test
    void aConfirmedLogoIsShownAndKept() throws IOException {
        policy("p=quarantine");
        record("v=BIMI1; l=; a=https://web.brand.example/a.pem");
        try (var web = web(certificate(marks, "brand.example"), "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")) {
            var shown = judge(web.port());
            assertThat(said(shown)).isEqualTo("pass() pass");
            assertThat(shown.fields()).startsWith("BIMI-Location: v=BIMI1;\r\n\tl=;\r\n\ta=https://web.brand.example/a.pem\r\nBIMI-Indicator: ");
            assertThat(shown.fields().lines()).allMatch(l -> l.length() <= 78);
            var encoded = shown.fields().substring(shown.fields().indexOf("Indicator: ") + 11).replaceAll("\\s", "");
            assertThat(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)).isEqualTo(BimiTest.LOGO);

            judge(web.port());
            assertThat(web.requests()).hasSize(1); // from the store
            clock.by = Duration.ofHours(25);
            assertThat(said(judge(web.port()))).isEqualTo("pass() pass"); // the certificate is valid, the server is not well
            assertThat(web.requests()).hasSize(2);
            var kept = store.documents().find(Collections.BIMI, "by_type", "authority", "https://web.brand.example/a.pem").orElseThrow();
            assertThat(kept.document("error").orElse(Document.EMPTY).string("code")).hasValue("HTTP_REQUEST_FAILED");
        }
    }

    @Test
    void aLogoWithoutACertificateIsShownAsSuch() throws IOException {
        policy("p=reject");
        record("v=BIMI1; l=https://web.brand.example/l.svg");
        try (var web = web(svg(BimiTest.LOGO).replace("200 OK", "200 OK\r\nETag: \"1\""), "HTTP/1.1 304 Not Modified\r\n\r\n")) {
            assertThat(said(judge(web.port()))).isEqualTo("pass() none");
            clock.by = Duration.ofHours(25);
            assertThat(judge(web.port()).document()).isNotNull();
            assertThat(web.requests().getLast()).contains("If-None-Match: \"1\"\r\n");
        }
    }
}
