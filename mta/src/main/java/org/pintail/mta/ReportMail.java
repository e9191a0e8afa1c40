package org.pintail.mta;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.pintail.dmarcrpt.CompressedReport;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.header.MailDate;
import org.pintail.mime.Source;
import org.pintail.tlsrpt.TlsReport;

/// Reports as mail: RFC 8460 §5.3 about TLS, RFC 7489 §7.2.1.1 about DMARC.
final class ReportMail {
    private final DailyReports.Sender sender;

    ReportMail(DailyReports.Sender sender) {
        this.sender = sender;
    }

    /// What the two kinds of report differ in.
    private record Kind(String domain, String id, String name, String fields, String multipart, String mediaType, String words) {}

    Source of(TlsReport report, String domain, String to, Instant now) {
        var name = sender.hostname() + "!" + domain + "!" + report.begin().getEpochSecond() + "!" + report.end().getEpochSecond() + "!" + report.id() + ".json.gz";
        var fields = "TLS-Report-Domain: " + domain + "\nTLS-Report-Submitter: " + sender.hostname() + "\nTLS-Required: No\n";
        var kind = new Kind(domain, report.id(), name, fields, "multipart/report; report-type=\"tlsrpt\"", "application/tlsrpt+gzip", "TLS with the mail servers");
        return build(kind, CompressedReport.gzip(report.json()), to, now);
    }

    Source of(DmarcReport report, String to, Instant now) {
        var domain = report.published().domain();
        var name = sender.hostname() + "!" + domain + "!" + report.begin().getEpochSecond() + "!" + report.end().getEpochSecond() + "!" + report.id() + ".xml.gz";
        var kind = new Kind(domain, report.id(), name, "", "multipart/mixed", "application/gzip", "mail in the name");
        return build(kind, CompressedReport.gzip(report.xml()), to, now);
    }

    private Source build(Kind kind, byte[] report, String to, Instant now) {
        var boundary = "report-" + UUID.randomUUID();
        var text = """
                From: <%1$s>
                To: <%2$s>
                Subject: Report Domain: %3$s
                 Submitter: %4$s
                 Report-ID: <%5$s>
                Date: %6$s
                Message-ID: <%5$s@%4$s>
                Auto-Submitted: auto-generated
                %7$sMIME-Version: 1.0
                Content-Type: %8$s; boundary="%9$s"

                --%9$s
                Content-Type: text/plain; charset=us-ascii

                This is a daily report of %4$s about %10$s of %3$s.

                --%9$s
                Content-Type: %11$s
                Content-Transfer-Encoding: base64
                Content-Disposition: attachment;
                 filename="%12$s"

                """
                .formatted(
                        sender.contact(), to, kind.domain(), sender.hostname(), kind.id(), MailDate.format(now), kind.fields(), kind.multipart(), boundary,
                        kind.words(), kind.mediaType(), kind.name());
        var out = new ByteArrayOutputStream();
        out.writeBytes(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(Base64.getMimeEncoder().encode(report));
        out.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return Source.of(out.toByteArray());
    }
}
