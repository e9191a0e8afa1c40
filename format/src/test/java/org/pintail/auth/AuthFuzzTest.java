package org.pintail.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.DkimVerifier;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.ScannedMessage;
import org.pintail.dns.FakeDns;
import org.pintail.mime.Source;
import org.pintail.spf.SpfClient;

/// Any bytes as a message, a record, a field: a result in bounded time. `JAZZER_FUZZ=1` and `-Dtest=AuthFuzzTest#...` fuzzes one.
class AuthFuzzTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T12:00:00Z"));
    private static final SpfClient CLIENT = new SpfClient(FakeDns.ip("192.0.2.1"), "mail.example.com", "mx.example.net");

    private static AuthReport check(FakeDns dns, String sender, byte[] message) throws IOException {
        return new MailAuthentication(dns, AuthSettings.defaults("mx.example.net"), CLOCK, () -> 0).check(CLIENT, sender, Source.of(message));
    }

    /// No key is published: nothing may pass.
    @FuzzTest(maxDuration = "60s")
    void messages(byte[] message) throws IOException {
        var report = check(new FakeDns(), "a@example.com", message);
        assertThat(report.dkim()).noneMatch(DkimResult::passes);
        assertThat(report.results().field()).startsWith("Authentication-Results: mx.example.net;");
        assertThat(report.results().field().lines().skip(1)).allMatch(line -> line.startsWith("\t"));
    }

    /// The hash of a body does not depend on the chunks it comes in.
    @FuzzTest(maxDuration = "60s")
    void chunks(byte[] message) {
        int cut = message.length > 0 ? (message[0] & 0xff) % message.length : 0;
        assertThat(scan(message, 0)).isEqualTo(scan(message, cut));
    }

    private static ScannedMessage scan(byte[] message, int cut) {
        var verifier = new DkimVerifier(new FakeDns(), DkimLimits.DEFAULT, CLOCK);
        var scan = new MessageScan(DkimLimits.DEFAULT, headers -> {
            var kinds = new java.util.ArrayList<>(verifier.wanted(headers));
            kinds.add(org.pintail.dkim.BodyHash.Kind.RELAXED);
            kinds.add(new org.pintail.dkim.BodyHash.Kind(org.pintail.dkim.Canonicalization.SIMPLE, "SHA-256", 5L));
            return kinds;
        });
        scan.write(message, 0, cut);
        scan.write(message, cut, message.length - cut);
        return scan.finish();
    }

    @FuzzTest(maxDuration = "60s")
    void records(byte[] bytes) throws IOException {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var dns = new FakeDns().txt("example.com", "v=spf1 " + text).txt("mail.example.com", text).txt("_dmarc.example.com", "v=DMARC1;" + text).txt("s._domainkey.example.com", text);
        check(dns, "a@example.com", ("DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=AAAA\r\nFrom: a@example.com\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @FuzzTest(maxDuration = "60s")
    void results(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        AuthenticationResults.parse(text).ifPresent(first -> {
            var again = AuthenticationResults.parse(first.body());
            assertThat(again).isPresent();
        });
    }

    @FuzzTest(maxDuration = "60s")
    void forged(byte[] bytes) throws IOException {
        var message = Source.of(bytes);
        var cleaned = ForgedResults.removed(message, "mx.example.net", 1000).readAll();
        assertThat(ForgedResults.removed(Source.of(cleaned), "mx.example.net", 1000).readAll().length).isLessThanOrEqualTo(cleaned.length);
        if (cleaned.length == bytes.length) {
            assertThat(Arrays.equals(cleaned, bytes)).isTrue();
        }
    }
}
