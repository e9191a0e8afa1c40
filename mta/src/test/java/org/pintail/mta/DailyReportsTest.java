package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dmarcrpt.CompressedReport;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.dns.FakeDns;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.DmarcResults;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.testkit.CannedHttps;
import org.pintail.tlsrpt.TlsReport;

/// What was seen on 1 March 2026 goes out on the 2nd.
class DailyReportsTest {
    private static final DmarcReport.Published PUBLISHED = new DmarcReport.Published("example.net", "r", "r", "reject", "reject", 100);
    private static final DmarcReport.Row ROW =
            new DmarcReport.Row("192.0.2.1", 1, "reject", "fail", "fail", "", "example.net", "x.example", List.of(), List.of());
    private static final TlsReport.Policy POLICY = new TlsReport.Policy("no-policy-found", List.of(), "example.net", List.of());
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    private final Outbox outbox =
            new Outbox(mail, new MtaSettings("mail.example.org", null, List.of(Duration.ofMinutes(5)), 1, 1, 100_000, 5, 25));
    private final DmarcResults dmarc = new DmarcResults(store.documents(), clock);
    private final TlsResults tls = new TlsResults(store.documents(), clock);
    private final Identity root = TestCertificates.authority("root", null);
    private final FakeDns dns = new FakeDns().address("web.example.net", "127.0.0.1");

    private DailyReports reports(int webPort) {
        var settings = new HttpsClient.Settings(
                TestCertificates.trusting(root.certificate()), InetAddress::isLoopbackAddress, webPort, Duration.ofSeconds(2));
        var parts = new DailyReports.Parts(store.documents(), dns, new HttpsClient(dns, settings), dmarc, tls);
        var sender = new DailyReports.Sender("mail.example.org", "Example", "reports@example.org");
        return new DailyReports(outbox, parts, sender, clock);
    }

    private void countAndPassMidnight() {
        tls.success(POLICY);
        tls.success(POLICY);
        tls.failure(POLICY, new TlsReport.Failure("starttls-not-supported", "", "mx.example.net", "192.0.2.1", "", 1));
        tls.flush();
        tls.failure(POLICY, new TlsReport.Failure("starttls-not-supported", "", "mx.example.net", "192.0.2.1", "", 1));
        tls.flush();
        dmarc.add(PUBLISHED, ROW);
        dmarc.add(PUBLISHED, ROW);
        dmarc.flush();
        dmarc.add(PUBLISHED, ROW);
        dmarc.flush();
        clock.advance(Duration.ofHours(13)); // from noon
    }

    private List<String> queued() {
        var texts = new ArrayList<String>();
        for (var row : outbox.queue().list(null, 100)) {
            try {
                var body = outbox.queue().body(row.id()).orElseThrow().readAll();
                texts.add(row.recipient() + "\n" + new String(body, StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts;
    }

    private static byte[] attachment(String message) {
        var at = message.indexOf("\r\n\r\n", message.indexOf("filename="));
        return CompressedReport.open(Base64.getMimeDecoder().decode(message.substring(at, message.indexOf("\r\n--", at))));
    }

    @Test
    void whoAsksForNothingGetsNothing() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject");
        countAndPassMidnight();
        reports(1).run();
        assertThat(queued()).isEmpty();
    }

    @Test
    void targetsThatAreNoneOrDoNotAgreeGetNothing() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject; rua=mailto:victim@example.com,mailto:a b@example.net,mailto:r@example.net!1k")
                .txt("_smtp._tls.example.net", "v=TLSRPTv1; rua=mailto:%0d%0aBcc:x@example.net");
        countAndPassMidnight();
        reports(1).run();
        assertThat(queued()).noneMatch(m -> m.contains("victim") || m.contains("Bcc")).isEmpty();
    }

    @Test
    void nothingGoesOutBeforeTheDayIsOver() {
        dns.txt("_smtp._tls.example.net", "v=TLSRPTv1; rua=mailto:tls@example.net");
        tls.success(POLICY);
        tls.flush();
        reports(1).run();
        clock.advance(Duration.ofHours(12).plusMinutes(5)); // the nodes may still be writing
        reports(1).run();
        assertThat(queued()).isEmpty();
        clock.advance(Duration.ofMinutes(10));
        reports(1).run();
        assertThat(queued()).hasSize(1);
    }

    @Test
    void eachReportGoesOutOnceWhateverNodeIsFirst() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject; rua=mailto:dmarc@example.net")
                .txt("_smtp._tls.example.net", "v=TLSRPTv1; rua=mailto:tls@example.net");
        countAndPassMidnight();
        reports(1).run();
        reports(1).run();
        assertThat(queued()).hasSize(2);
    }

    @Test
    void aDnsThatDoesNotAnswerIsAskedAgain() {
        dns.fails("_smtp._tls.example.net").fails("_dmarc.example.net");
        countAndPassMidnight();
        var reports = reports(1);
        reports.run();
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject; rua=mailto:dmarc@example.net");
        reports.run();
        assertThat(queued()).isEmpty(); // not at once
        clock.advance(Duration.ofMinutes(31));
        reports.run();
        assertThat(queued()).hasSize(1);
    }

    @Test
    void theTlsReportSaysWhatWasCounted() {
        dns.txt("_smtp._tls.example.net", "v=TLSRPTv1; rua=mailto:tls@example.net");
        countAndPassMidnight();
        reports(1).run();
        var message = queued().getFirst();
        assertThat(message)
                .startsWith("tls@example.net\nFrom: <reports@example.org>\r\n")
                .contains("\r\nTLS-Report-Domain: example.net\r\n", "\r\nTLS-Report-Submitter: mail.example.org\r\n", "\r\nTLS-Required: No\r\n")
                .contains("multipart/report; report-type=\"tlsrpt\"", "Content-Type: application/tlsrpt+gzip", "filename=\"mail.example.org!example.net!1772323200!1772409599!");
        var report = TlsReport.parse(attachment(message));
        assertThat(report.begin()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
        assertThat(report.policies()).singleElement().satisfies(r -> {
            assertThat(r.policy()).isEqualTo(POLICY);
            assertThat(r.successful()).isEqualTo(2);
            assertThat(r.failed()).isEqualTo(2);
            assertThat(r.failures()).singleElement().satisfies(f -> assertThat(f.sessions()).isEqualTo(2));
        });
        assertThat(outbox.queue().message(outbox.queue().list(null, 1).getFirst().id()).orElseThrow().data().string("reason")).hasValue("tlsreport");
    }

    @Test
    void theDmarcReportSaysWhatWasCounted() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject; rua=mailto:dmarc@example.net,mailto:elsewhere@example.com!10m")
                .txt("example.net._report._dmarc.example.com", "v=DMARC1");
        countAndPassMidnight();
        reports(1).run();
        assertThat(queued()).extracting(m -> m.lines().findFirst().orElseThrow()).containsExactlyInAnyOrder("dmarc@example.net", "elsewhere@example.com");
        var message = queued().getFirst();
        assertThat(message).contains("Subject: Report Domain: example.net\r\n Submitter: mail.example.org\r\n Report-ID: <", "Content-Type: application/gzip");
        var report = DmarcReport.parse(attachment(message));
        assertThat(report.published()).isEqualTo(PUBLISHED);
        assertThat(report.rows()).singleElement().satisfies(r -> assertThat(r.count()).isEqualTo(3));
    }

    @Test
    void tlsReportsAreAlsoPosted() throws IOException {
        try (var web = new CannedHttps(TestCertificates.server(root, "web.example.net").server(), "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            dns.txt("_smtp._tls.example.net", "v=TLSRPTv1; rua=https://web.example.net/tls");
            countAndPassMidnight();
            reports(web.port()).run();
            assertThat(web.requests()).singleElement().satisfies(request -> {
                assertThat(request).startsWith("POST /tls HTTP/1.1\r\n").contains("\r\nContent-Type: application/tlsrpt+gzip\r\n");
                var body = request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(TlsReport.parse(CompressedReport.open(body)).policies()).hasSize(1);
            });
        }
    }
}
