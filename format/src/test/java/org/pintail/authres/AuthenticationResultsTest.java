package org.pintail.authres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pintail.authres.AuthenticationResults.Property;
import org.pintail.authres.AuthenticationResults.Row;

class AuthenticationResultsTest {
    /// The examples of RFC 8601 appendix B.
    @Test
    void examplesOfTheRfcAreRead() {
        var none = AuthenticationResults.parse("example.org 1; none").orElseThrow();
        assertThat(none).isEqualTo(new AuthenticationResults("example.org", List.of()));
        var several = AuthenticationResults.parse("example.com;\r\n          auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n          spf=pass smtp.mailfrom=example.net").orElseThrow();
        assertThat(several.rows())
                .containsExactly(
                        new Row("auth", "pass", "cram-md5", List.of(new Property("smtp", "auth", "sender@example.net"))),
                        new Row("spf", "pass", "", List.of(new Property("smtp", "mailfrom", "example.net"))));
        var commented = AuthenticationResults.parse("foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
                + " policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462").orElseThrow();
        assertThat(commented.authservId()).isEqualTo("foo.example.net");
    }

    @Test
    void whatAValueHoldsDoesNotEndIt() {
        var row = new Row("spf", "pass", "a (b) \\ c\r\nX-Evil: 1", List.of(new Property("smtp", "helo", "x; dkim=pass \"\\\r\n Evil: 1"), new Property("smtp", "mailfrom", "")));
        var field = new AuthenticationResults("mx.example.org", List.of(row)).field();
        assertThat(field.lines()).allSatisfy(l -> assertThat(l).matches("Authentication-Results: .*|\\t.*"));
        assertThat(AuthenticationResults.parse(field.substring(24)).orElseThrow().rows()).singleElement().satisfies(r -> {
            assertThat(r.comment()).isEqualTo("a (b) \\ c X-Evil: 1");
            assertThat(r.property("smtp", "helo")).contains("x; dkim=pass \"\\   Evil: 1");
            assertThat(r.property("smtp", "mailfrom")).isEmpty();
        });
    }

    /// parse(write(x)) = x for values of any bytes.
    @Test
    void whatIsWrittenIsReadBack() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var letters = "ab1;=()\"\\@,. /<>:é";
        for (int run = 0; run < 2000; run++) {
            var value = new StringBuilder("v");
            for (int i = 0; i < random.nextInt(12); i++) {
                value.append(letters.charAt(random.nextInt(letters.length())));
            }
            var results = new AuthenticationResults("id", List.of(
                    new Row("spf", "pass", value.toString().strip().replaceAll(" +", " "), List.of(new Property("smtp", "mailfrom", value.toString()))),
                    new Row("dmarc", "fail", "", List.of(new Property("header", "from", "x.example")))));
            assertThat(AuthenticationResults.parse(results.body().replaceAll("\r\n[ \t]+", " "))).as("seed " + seed).contains(results);
        }
    }

    @Test
    void rubbishIsSurvived() {
        for (var text : List.of("", ";", "(", "((((", "\"", "x; =;;=;a=", "x; a=b (", "x; a=\"", "(".repeat(100_000), "x" + ";a=b".repeat(100_000))) {
            AuthenticationResults.parse(text).ifPresent(r -> assertThat(r.rows().size()).isLessThanOrEqualTo(100));
        }
    }
}
