package org.pintail.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.ScannedMessage;
import org.pintail.dkim.SigningKey;
import org.pintail.dns.FakeDns;
import org.pintail.mime.Source;

class ArcTest {
    private static final SigningKey KEY = SigningKey.generateRsa();
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String MESSAGE = "From: a@example.com\r\nSubject: x\r\n\r\nhello\r\n";
    private final FakeDns dns = new FakeDns();

    ArcTest() {
        for (var domain : List.of("one.example", "two.example", "three.example")) {
            dns.txt("s._domainkey." + domain, KEY.record());
        }
    }

    private static ScannedMessage scan(String message, java.util.function.Function<org.pintail.header.Headers, java.util.Collection<org.pintail.dkim.BodyHash.Kind>> wanted) {
        try {
            return MessageScan.of(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)), DkimLimits.DEFAULT, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ArcVerdict verdict(String message) {
        var verifier = new ArcVerifier(dns, DkimLimits.DEFAULT);
        return verifier.verify(scan(message, verifier::wanted));
    }

    private String sealed(String message, String domain, String results) {
        return sealed(message, domain, results, KEY);
    }

    private String sealed(String message, String domain, String results, SigningKey key) {
        var sealer = new ArcSealer(domain, "s", key);
        var found = AuthenticationResults.parse(domain + "; " + results).orElseThrow();
        return sealer.seal(scan(message, sealer::wanted), found, verdict(message), NOW).map(fields -> fields + message).orElse(message);
    }

    @Test
    void aChainOfThreeHoldsThroughChangesThatAreSealed() {
        var one = sealed(MESSAGE, "one.example", "dmarc=pass header.from=example.com");
        var changed = "Received: from one\r\n" + one.replace("Subject: x", "Subject: [list] x") + "-- \r\nlist\r\n";
        var two = sealed(changed, "two.example", "dmarc=fail header.from=example.com; arc=pass");
        assertThat(verdict(two).status()).isEqualTo(ArcVerdict.Status.FAIL); // what the list changed, the list must not seal as passed
        var early = sealed("Received: from one\r\n" + one, "two.example", "dmarc=pass header.from=example.com; arc=pass");
        var three = sealed("Received: from two\r\n" + early, "three.example", "arc=pass");
        assertThat(verdict(three)).satisfies(v -> {
            assertThat(v.status()).as(v.reason()).isEqualTo(ArcVerdict.Status.PASS);
            assertThat(v.links()).extracting(ArcVerdict.Link::sealer).containsExactly("one.example", "two.example", "three.example");
        });
    }

    @Test
    void aChainThatFailedIsClosedForGood() {
        var broken = sealed(MESSAGE, "one.example", "dmarc=pass").replace("hello", "hallo");
        var closed = sealed(broken, "two.example", "arc=fail");
        assertThat(closed).startsWith("ARC-Seal: i=2;").contains("cv=fail");
        assertThat(verdict(closed)).satisfies(v -> {
            assertThat(v.status()).isEqualTo(ArcVerdict.Status.FAIL);
            assertThat(v.closed()).isTrue();
        });
        assertThat(sealed(closed, "three.example", "arc=fail")).isEqualTo(closed);
    }

    @Test
    void nothingIsSealedOnWhatTheDnsDidNotSay() {
        var one = sealed(MESSAGE, "one.example", "dmarc=pass");
        var slow = new FakeDns().fails("s._domainkey.one.example");
        var verifier = new ArcVerifier(slow, DkimLimits.DEFAULT);
        var before = verifier.verify(scan(one, verifier::wanted));
        assertThat(before.status()).isEqualTo(ArcVerdict.Status.TEMPERROR);
        var sealer = new ArcSealer("two.example", "s", KEY);
        assertThat(sealer.seal(scan(one, sealer::wanted), new AuthenticationResults("x", List.of()), before, NOW)).isEmpty();
    }

    /// A change of a chain of one, and why it fails.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            cv=none             | cv=pass               | invalid cv value of instance 1
            ARC-Seal: i=1       | ARC-Seal: i=2         | missing ARC field of instance 1
            ARC-Seal: i=1       | ARC-Seal: i=0         | invalid ARC instance
            ARC-Seal: i=1       | ARC-Seal: i=51        | invalid ARC instance
            ARC-Seal: i=1       | ARC-Seal: j=1         | invalid ARC instance
            ARC-Seal: i=1       | X-Seal: i=1           | missing ARC field of instance 1
            ARC-Seal: i=1;      | ARC-Seal: i=1; h=from;| ARC-Seal of instance 1: unexpected h= tag
            ARC-Seal: i=1;      | ARC-Seal: i=1; c=simple; | ARC-Seal of instance 1: unexpected c= tag
            t=1795176000; cv    | t=1795176001; cv      | ARC-Seal of instance 1: bad signature
            dmarc=pass          | dmarc=fail            | ARC-Seal of instance 1: bad signature
            h=from:from         | h=arc-seal:from       | ARC-Message-Signature of instance 1: signs ARC-Seal
            h=from:from         | h=subject             | ARC-Message-Signature of instance 1: From is not signed
            Subject: x          | Subject: y            | ARC-Message-Signature of instance 1: bad signature
            hello               | hallo                 | ARC-Message-Signature of instance 1: body hash did not verify
            """)
    void aChainThatIsNotInOrderFails(String from, String to, String reason) {
        var good = sealed(MESSAGE, "one.example", "dmarc=pass");
        assertThat(good).contains(from);
        var verdict = verdict(good.replace(from, to));
        assertThat(verdict.status()).isEqualTo(ArcVerdict.Status.FAIL);
        assertThat(verdict.reason()).isEqualTo(reason);
    }

    @Test
    void twoFieldsOfOneInstanceFailAndSoDoesAWeakKey() throws Exception {
        var good = sealed(MESSAGE, "one.example", "dmarc=pass");
        assertThat(verdict("ARC-Authentication-Results: i=1; x; none\r\n" + good).reason()).isEqualTo("multiple ARC fields of one instance");
        var generator = java.security.KeyPairGenerator.getInstance("RSA");
        generator.initialize(512);
        var weak = new SigningKey(generator.generateKeyPair().getPrivate(), org.pintail.dkim.Algorithm.RSA_SHA256);
        dns.txt("s._domainkey.weak.example", weak.record());
        assertThat(verdict(sealed(MESSAGE, "weak.example", "dmarc=pass", weak)).rule()).isEqualTo("weak-key");
    }

    @Test
    void fiftyLinksAreJudgedAndNoneIsAdded() {
        var message = MESSAGE;
        for (int i = 1; i <= 50; i++) {
            message = sealed(message, "one.example", "dmarc=pass");
        }
        long start = System.nanoTime();
        assertThat(verdict(message).status()).isEqualTo(ArcVerdict.Status.PASS);
        assertThat((System.nanoTime() - start) / 1_000_000).as("ms for 51 signatures").isLessThan(2000);
        assertThat(sealed(message, "one.example", "dmarc=pass")).isEqualTo(message);
    }

    @Test
    void onlyTrustedSealersVouch() {
        var one = sealed(MESSAGE, "one.example", "dmarc=pass header.from=example.com");
        var two = sealed(one, "two.example", "dmarc=fail header.from=example.com");
        assertThat(verdict(two).vouched(Set.of("one.example", "two.example"))).isTrue();
        assertThat(verdict(two).vouched(Set.of("one.example"))).isFalse(); // two.example could have made one's words up
        assertThat(verdict(two).vouched(Set.of("two.example"))).isFalse();
        assertThat(verdict(one.replace("hello", "hallo")).vouched(Set.of("one.example"))).isFalse();
    }
}
