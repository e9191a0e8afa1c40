package org.pintail.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TlsReportTest {
    /// The form of the example in RFC 8460 appendix B.
    private static final String EXAMPLE = """
            {
              "organization-name": "Company-X",
              "date-range": {"start-datetime": "2016-04-01T00:00:00Z", "end-datetime": "2016-04-01T23:59:59Z"},
              "contact-info": "sts-reporting@company-x.example",
              "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: testing", "mx: *.mail.company-y.example", "max_age: 86400"],
                  "policy-domain": "company-y.example",
                  "mx-host": "*.mail.company-y.example"
                },
                "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
                "failure-details": [
                  {"result-type": "certificate-expired", "sending-mta-ip": "2001:db8:abcd:0012::1",
                   "receiving-mx-hostname": "mx1.mail.company-y.example", "failed-session-count": 100},
                  {"result-type": "starttls-not-supported", "sending-mta-ip": "2001:db8:abcd:0013::1",
                   "receiving-mx-hostname": "mx2.mail.company-y.example", "receiving-ip": "203.0.113.56", "failed-session-count": 200,
                   "additional-information": "https://reports.company-x.example/report_info?id=5065427c-23d3#StarttlsNotSupported"}
                ]
              }]
            }
            """;

    private static TlsReport parse(String json) {
        return TlsReport.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoReportSaysWhy() {
        for (var bad : new String[][] {
            {"", "policies"},
            {"[]", "policies"},
            {"{}", "policies"},
            {"{\"policies\":{}}", "policies"},
            {"{", "JSON"},
            {"<xml/>", "JSON"},
            {"[".repeat(100_000), "JSON"},
            {EXAMPLE.replace("2016-04-01T00:00:00Z", "yesterday"), "start-datetime"},
            {EXAMPLE.replace("5326", "-1"), "total-successful-session-count"},
            {EXAMPLE.replace("5326", "1e99"), "total-successful-session-count"},
            {EXAMPLE.replace("5326", "99999999999999999999"), "total-successful-session-count"},
            {EXAMPLE.replace("303", "\"many\""), "total-failure-session-count"},
            {"{\"policies\":[" + "{},".repeat(1001) + "{}]}", "total-successful"},
        }) {
            assertThatThrownBy(() -> parse(bad[0])).as(bad[0].length() > 200 ? bad[1] : bad[0]).isInstanceOf(TlsReport.Invalid.class).hasMessageContaining(bad[1]);
        }
    }

    @Test
    void aReportOfOthersIsRead() {
        var report = parse(EXAMPLE);
        assertThat(report.organization()).isEqualTo("Company-X");
        assertThat(report.begin()).isEqualTo(Instant.parse("2016-04-01T00:00:00Z"));
        var result = report.policies().getFirst();
        assertThat(result.policy().mx()).containsExactly("*.mail.company-y.example");
        assertThat(result.successful()).isEqualTo(5326);
        assertThat(result.failed()).isEqualTo(303);
        assertThat(result.failures()).extracting(TlsReport.Failure::type).containsExactly("certificate-expired", "starttls-not-supported");
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        var report = parse(EXAMPLE);
        assertThat(TlsReport.parse(report.json())).isEqualTo(report);
    }

    @Test
    void anyChangeOfAReportEnds() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            var text = new StringBuilder(EXAMPLE);
            for (int n = random.nextInt(6); n >= 0; n--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(200));
            }
            try {
                assertThat(parse(text.toString()).policies()).as("seed %d", seed).isNotNull();
            } catch (TlsReport.Invalid e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void theRecordSaysWhere() {
        for (var none : List.of(
                List.<String>of(),
                List.of("v=TLSRPTv1"),
                List.of("v=TLSRPTv1; rua="),
                List.of("v=TLSRPTv1; rua=ftp://x.example/"),
                List.of("v=TLSRPTv1; rua=http://x.example/"),
                List.of("v=TLSRPTv1; rua=a b"),
                List.of("v=TLSRPTv2; rua=mailto:a@b.example"),
                List.of("v=TLSRPTv1; rua=mailto:a@b.example", "v=TLSRPTv1; rua=mailto:a@b.example"))) {
            assertThat(TlsRptRecord.of(none)).as("%s", none).isEmpty();
        }
        assertThat(TlsRptRecord.of(List.of("v=TLSRPTv1;rua=mailto:a@b.example , https://c.example/v1;")).orElseThrow().targets())
                .containsExactly(URI.create("mailto:a@b.example"), URI.create("https://c.example/v1"));
    }
}
