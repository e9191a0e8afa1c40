package org.pintail.dkim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.pintail.dns.FakeDns;
import org.pintail.mime.Source;

/// What the tests here share.
final class DkimTesting {
    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    static final SigningKey RSA = SigningKey.generateRsa();
    static final SigningKey ED25519 = SigningKey.generateEd25519();

    private DkimTesting() {}

    static FakeDns dns() {
        return new FakeDns().txt("rsa._domainkey.example.com", RSA.record()).txt("ed._domainkey.example.com", ED25519.record());
    }

    /// With CRLF.
    static byte[] bytes(String text) {
        return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] resource(String name) {
        try (var in = DkimTesting.class.getResourceAsStream(name)) {
            return bytes(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<DkimResult> verify(byte[] message, FakeDns dns) {
        var verifier = new DkimVerifier(dns, DkimLimits.DEFAULT, InstantSource.fixed(NOW));
        return verifier.verify(scan(message, verifier::wanted));
    }

    static ScannedMessage scan(byte[] message, java.util.function.Function<org.pintail.header.Headers, java.util.Collection<BodyHash.Kind>> wanted) {
        try {
            return MessageScan.of(Source.of(message), DkimLimits.DEFAULT, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The message with a signature on top.
    static byte[] sign(byte[] message, SigningKey key, String selector, SigningOptions options) {
        var signer = new DkimSigner(options);
        var field = signer.sign(scan(message, signer::wanted), "example.com", selector, key, NOW.minusSeconds(60));
        return join((field + "\r\n").getBytes(StandardCharsets.ISO_8859_1), message);
    }

    static byte[] join(byte[] first, byte[] second) {
        var out = new java.io.ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
