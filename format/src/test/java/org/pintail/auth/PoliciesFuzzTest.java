package org.pintail.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.pintail.address.MailAddress;
import org.pintail.bimi.BimiProblem;
import org.pintail.bimi.BimiRecord;
import org.pintail.bimi.MarkCertificate;
import org.pintail.bimi.SvgIndicator;
import org.pintail.dmarcrpt.CompressedReport;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.mtasts.StsPolicy;
import org.pintail.mtasts.StsRecord;
import org.pintail.srs.Srs;
import org.pintail.tlsrpt.TlsReport;
import org.pintail.tlsrpt.TlsRptRecord;

/// Any bytes as what other domains publish and report: a value, or a refusal of the kind that is named, in bounded time.
/// `JAZZER_FUZZ=1` and `-Dtest=PoliciesFuzzTest#...` fuzzes one.
class PoliciesFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Srs SRS = new Srs("a secret", "fwd.example");

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @FuzzTest(maxDuration = "60s")
    void stsPolicies(byte[] bytes) {
        StsRecord.of(List.of(text(bytes))).ifPresent(r -> assertThat(r.id()).isNotEmpty());
        try {
            var policy = StsPolicy.parse(text(bytes));
            assertThat(StsPolicy.parse(policy.text())).isEqualTo(policy);
        } catch (StsPolicy.Invalid e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void tlsReports(byte[] bytes) {
        TlsRptRecord.of(List.of(text(bytes))).ifPresent(r -> assertThat(r.targets()).isNotEmpty());
        try {
            var report = TlsReport.parse(bytes);
            assertThat(TlsReport.parse(report.json())).isEqualTo(report);
        } catch (TlsReport.Invalid e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void dmarcReports(byte[] bytes) {
        try {
            var report = DmarcReport.parse(CompressedReport.open(bytes));
            assertThat(report.published().domain()).isNotEmpty();
        } catch (DmarcReport.Invalid e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void logos(byte[] bytes) {
        try {
            SvgIndicator.check(bytes);
            assertThat(text(bytes).toLowerCase(java.util.Locale.ROOT)).doesNotContain("<script");
        } catch (BimiProblem e) {
            assertThat(e.code()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void marks(byte[] bytes) {
        try {
            assertThat(BimiRecord.parse(text(bytes)).text().length()).isLessThan(2000);
        } catch (BimiProblem e) {
            assertThat(e.code()).isNotEmpty();
        }
        try {
            MarkCertificate.check(bytes, List.of(), NOW);
            throw new AssertionError("nobody is trusted");
        } catch (BimiProblem e) {
            assertThat(e.code()).isNotEmpty();
        }
    }

    /// Only what we made comes back, and what comes back can be made again.
    @FuzzTest(maxDuration = "60s")
    void returnPaths(byte[] bytes) {
        var address = text(bytes);
        var rewritten = SRS.rewrite(address, NOW);
        if (!rewritten.equals(address)) {
            assertThat(MailAddress.parse(rewritten).flatMap(a -> SRS.reverse(a, NOW))).isPresent();
        }
        MailAddress.parse("SRS0=" + address + "@fwd.example").flatMap(a -> SRS.reverse(a, NOW)).ifPresent(back -> assertThat(SRS.rewrite(back.toString(), NOW)).isNotEmpty());
    }
}
