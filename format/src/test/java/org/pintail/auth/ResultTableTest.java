package org.pintail.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.pintail.arc.ArcSealer;
import org.pintail.arc.ArcVerdict;
import org.pintail.arc.ArcVerifier;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimSigner;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningKey;
import org.pintail.dkim.SigningOptions;
import org.pintail.dns.FakeDns;
import org.pintail.mime.Source;
import org.pintail.spf.SpfClient;

/// `Authentication-Results` in the situations of `situations.txt`, each expected as written there by hand from RFC 8601.
class ResultTableTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final SigningKey RSA = SigningKey.generateRsa();
    private static final SigningKey ED25519 = SigningKey.generateEd25519();

    @TestFactory
    Stream<DynamicTest> everySituation() throws IOException {
        String text;
        try (var in = ResultTableTest.class.getResourceAsStream("situations.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        var situations = Stream.of(text.split("\n(?=# )")).filter(s -> s.startsWith("# ")).toList();
        assertThat(situations).hasSizeGreaterThanOrEqualTo(40);
        return situations.stream().map(s -> DynamicTest.dynamicTest(s.lines().findFirst().orElseThrow(), () -> new Situation().run(s)));
    }

    private static final class Situation {
        private final FakeDns dns = new FakeDns()
                .txt("rsa._domainkey.example.com", RSA.record())
                .txt("ed._domainkey.example.com", ED25519.record())
                .txt("rsa._domainkey.sealer.example", RSA.record())
                .txt("rsa._domainkey.other.example", RSA.record());
        private SpfClient client = new SpfClient(FakeDns.ip("192.0.2.1"), "mail.example.com", "mx.example.net");
        private String sender = "ann@example.com";
        private String message = "From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hi\r\n\r\nHello\r\n";
        private Set<String> trusted = Set.of();
        private final List<String> expected = new ArrayList<>();

        void run(String text) throws IOException {
            for (var line : text.lines().skip(1).filter(l -> !l.isBlank()).toList()) {
                var words = line.split(" ", 2);
                step(words[0], words.length > 1 ? words[1] : "");
            }
            var settings = AuthSettings.defaults("mx.example.net");
            settings = new AuthSettings("mx.example.net", settings.spf(), settings.dkim(), false, trusted, 300, settings.time());
            var report = new MailAuthentication(dns, settings, InstantSource.fixed(NOW), () -> 50).check(client, sender, source());
            assertThat(report.results().field()).startsWith("Authentication-Results: mx.example.net;\r\n\t");
            assertThat(report.results().field().lines()).allSatisfy(l -> assertThat(l.length()).isLessThan(998));
            var rows = unfolded(report.results().field()).split("; (?=spf=|dkim=|arc=|dmarc=)");
            assertThat(List.of(rows).subList(1, rows.length)).containsExactlyElementsOf(expected);
            assertThat(AuthenticationResults.parse(report.results().body())).map(r -> r.rows().size()).contains(expected.size());
        }

        private void step(String word, String rest) throws IOException {
            switch (word) {
                case "client" -> {
                    var parts = rest.split(" ", -1);
                    client = new SpfClient(FakeDns.ip(parts[0]), parts[1], "mx.example.net");
                    sender = parts[2];
                }
                case "dns" -> dns(rest);
                case "fails" -> dns.fails(rest);
                case "from" -> message = message.replaceFirst("From: [^\r]*", java.util.regex.Matcher.quoteReplacement(rest.replace("\\n", "\r\n")));
                case "nofrom" -> message = message.replaceFirst("From: [^\r]*\r\n", "");
                case "header" -> message = rest + "\r\n" + message;
                case "append" -> message += rest + "\r\n";
                case "sign" -> sign(rest.split(" "));
                case "replace" -> message = message.replace(rest.split(" => ")[0], rest.split(" => ")[1]);
                case "seal" -> seal(rest.split(" ", 2));
                case "trust" -> trusted = Set.of(rest);
                case ">" -> expected.add(rest.replace("$B", signatureStart()));
                default -> throw new IllegalArgumentException(word);
            }
        }

        private void dns(String rest) {
            var parts = rest.split(" ", 3);
            switch (parts[0]) {
                case "TXT" -> dns.txt(parts[1], parts[2].replace("$KEY", RSA.record().substring(RSA.record().indexOf("p=") + 2)));
                case "A" -> dns.address(parts[1], parts[2]);
                default -> throw new IllegalArgumentException(parts[0]);
            }
        }

        /// `key domain [l=n] [x]`
        private void sign(String[] parts) throws IOException {
            var o = SigningOptions.DEFAULT;
            var length = List.of(parts).contains("l=3") ? Long.valueOf(3) : null;
            var options = new SigningOptions(o.header(), o.body(), o.fields(), o.oversigned(), length, o.lifetime(), null, List.of());
            var signer = new DkimSigner(options);
            var scan = MessageScan.of(source(), DkimLimits.DEFAULT, signer::wanted);
            message = signer.sign(scan, parts[1], parts[0], parts[0].equals("ed") ? ED25519 : RSA, NOW.minusSeconds(5)) + "\r\n" + message;
        }

        /// `domain results`
        private void seal(String[] parts) throws IOException {
            var verifier = new ArcVerifier(dns, DkimLimits.DEFAULT);
            ArcVerdict before = verifier.verify(MessageScan.of(source(), DkimLimits.DEFAULT, verifier::wanted));
            var sealer = new ArcSealer(parts[0], "rsa", RSA);
            var scan = MessageScan.of(source(), DkimLimits.DEFAULT, sealer::wanted);
            var results = AuthenticationResults.parse(parts[0] + "; " + parts[1]).orElseThrow();
            message = sealer.seal(scan, results, before, NOW).orElseThrow() + message;
        }

        private String signatureStart() {
            var unfolded = message.replace("\r\n ", "").replace("\r\n\t", "");
            int b = unfolded.indexOf("; b=");
            if (b < 0) {
                b = unfolded.indexOf(";b=") - 1;
            }
            return b < 0 ? "" : quoted(unfolded.substring(b + 4, b + 12));
        }

        private static String quoted(String start) {
            return start.contains("/") || start.contains("=") ? '"' + start + '"' : start;
        }

        private Source source() {
            return Source.of(message.getBytes(StandardCharsets.UTF_8));
        }

        private static String unfolded(String field) {
            return field.replaceAll("\r\n[\t ]+", " ");
        }
    }
}
