package org.pintail.mtasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StsPolicyTest {
    private static final String GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n";

    @Test
    void whatIsNoPolicySaysWhy() {
        for (var bad : new String[][] {
            {"", "version"},
            {"version: STSv2\nmode: none\nmax_age: 1", "version"},
            {"mode: enforce\nmx: a.example\nmax_age: 1", "version"},
            {"version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1", "mode"},
            {"version: STSv1\nmx: a.example\nmax_age: 1", "mode"},
            {"version: STSv1\nmode: enforce\nmax_age: 1", "mx"},
            {"version: STSv1\nmode: testing\nmax_age: 1", "mx"},
            {"version: STSv1\nmode: enforce\nmx: a.example", "max_age"},
            {"version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1", "max_age"},
            {"version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601", "max_age"},
            {"version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 99999999999", "max_age"},
            {"version: STSv1\nmode: enforce\nmx: *\nmax_age: 1", "mx"},
            {"version: STSv1\nmode: enforce\nmx: a.*.example\nmax_age: 1", "mx"},
            {"version: STSv1\nmode: enforce\nmx: *.*.example\nmax_age: 1", "mx"},
            {"version: STSv1\nmode: enforce\nmx: [127.0.0.1]\nmax_age: 1", "mx"},
            {"version: STSv1\nmode: enforce\nmx: \nmax_age: 1", "mx"},
            {"<html>\n<body>", "name: value"},
            {"version: STSv1\nmode: enforce\n" + "mx: a.example\n".repeat(1001) + "max_age: 1", "more than 1000"},
            {"x: y\n".repeat(20_000), "more than 65536"},
        }) {
            assertThatThrownBy(() -> StsPolicy.parse(bad[0])).as(bad[0]).isInstanceOf(StsPolicy.Invalid.class).hasMessageContaining(bad[1]);
        }
    }

    @Test
    void aPolicyIsReadWithEitherLineEnd() {
        for (var text : List.of(GOOD, GOOD.replace("\r\n", "\n"), GOOD.strip(), GOOD + "mode: none\nlater: thing\n")) {
            assertThat(StsPolicy.parse(text))
                    .isEqualTo(new StsPolicy(StsPolicy.Mode.ENFORCE, Duration.ofDays(7), List.of("mail.example.com", "*.example.net")));
        }
        assertThat(StsPolicy.parse("version: STSv1\nmode: none\nmax_age: 0").mx()).isEmpty();
    }

    @Test
    void itsTextParsesToTheSame() {
        var policy = StsPolicy.parse(GOOD);
        assertThat(StsPolicy.parse(policy.text())).isEqualTo(policy);
    }

    @Test
    void aStarIsExactlyOneLabel() {
        var policy = StsPolicy.parse(GOOD);
        assertThat(policy.covers("evil.mail.example.com")).isFalse();
        assertThat(policy.covers("example.net")).isFalse();
        assertThat(policy.covers("a.b.example.net")).isFalse();
        assertThat(policy.covers("MAIL.example.com")).isTrue();
        assertThat(policy.covers("mx1.example.net")).isTrue();
    }

    @Test
    void exactlyOneRecordWithAnIdCounts() {
        for (var none : List.of(
                List.<String>of(),
                List.of("v=STSv1"),
                List.of("v=STSv1;"),
                List.of("v=STSv1; id="),
                List.of("v=STSv1; id=2026-01-01"),
                List.of("v=STSv1; id=" + "x".repeat(33)),
                List.of("v=STSv12; id=1"),
                List.of("V=STSv1; id=1"),
                List.of("id=1; v=STSv1"),
                List.of("v=STSv1; id=1", "v=STSv1; id=1"),
                List.of("v=STSv1; junk; id=1"))) {
            assertThat(StsRecord.of(none)).as("%s", none).isEmpty();
        }
        assertThat(StsRecord.of(List.of("v=spf1 -all", "v=STSv1 ; id=20261102T120000 ; x=y;"))).hasValue(new StsRecord("20261102T120000"));
    }

    @Test
    void anyTextEnds() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            var text = new StringBuilder(GOOD);
            for (int n = random.nextInt(8); n >= 0; n--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(300));
            }
            try {
                assertThat(StsPolicy.parse(text.toString()).mx().size()).as("seed %d", seed).isLessThanOrEqualTo(2);
            } catch (StsPolicy.Invalid e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
