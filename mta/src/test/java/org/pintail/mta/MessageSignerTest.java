package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Document;
import org.pintail.backend.QueuedMessage;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.DkimVerifier;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningKey;
import org.pintail.dns.FakeDns;
import org.pintail.mail.Collections;
import org.pintail.mail.DkimKeys;
import org.pintail.mime.Source;

class MessageSignerTest {
    private static final SigningKey RSA = SigningKey.generateRsa();
    private static final SigningKey ED25519 = SigningKey.generateEd25519();
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final DkimKeys keys = new DkimKeys(store.documents(), "secret", clock);
    private final MessageSigner signer = new MessageSigner(keys, clock);

    @BeforeEach
    void keys() {
        keys.put("example.org", List.of(new DkimKeys.Key("example.org", "a", RSA), new DkimKeys.Key("example.org", "b", ED25519)), "");
        keys.put("*.example.net", List.of(new DkimKeys.Key("", "w", RSA)), "");
    }

    private List<DkimResult> signatures(String from, String sender, String reason) throws IOException {
        var text = "Received: from client\r\nFrom: " + from + "\r\nSubject: x\r\n\r\nhello\r\n";
        var queued = new QueuedMessage("1", sender, clock.instant(), 1, Document.of("reason", reason));
        var signed = signer.signed(queued, Source.of(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(new String(signed.readAll(), StandardCharsets.UTF_8)).endsWith(text);
        var dns = new FakeDns()
                .txt("a._domainkey.example.org", RSA.record())
                .txt("b._domainkey.example.org", ED25519.record())
                .txt("w._domainkey.host.example.net", RSA.record())
                .txt("d._domainkey.other.example", RSA.record());
        var verifier = new DkimVerifier(dns, DkimLimits.DEFAULT, clock);
        return verifier.verify(MessageScan.of(signed, DkimLimits.DEFAULT, verifier::wanted));
    }

    @Test
    void mailIsSignedWithEveryKeyOfItsAuthor() throws IOException {
        assertThat(signatures("Ann <ann@Example.org>", "bounces@elsewhere.example", "submit"))
                .hasSize(2)
                .allSatisfy(r -> assertThat(r.passes()).as(r.toString()).isTrue());
    }

    @Test
    void theEnvelopeSenderStandsInForAnAuthorWithoutAKey() throws IOException {
        assertThat(signatures("ann@other.example", "x@example.org", "submit")).hasSize(2).allMatch(r -> r.domain().equals("example.org"));
        assertThat(signatures("ann@other.example", "", "bounce")).isEmpty();
    }

    @Test
    void aWildcardIsForNamesBelowAndTheDefaultForAll() throws IOException {
        assertThat(signatures("ann@host.example.net", "", "submit")).singleElement().matches(DkimResult::passes);
        assertThat(signatures("ann@example.net", "", "submit")).isEmpty();
        keys.put("*", List.of(new DkimKeys.Key("", "d", RSA)), "");
        assertThat(signatures("ann@other.example", "", "submit")).singleElement().matches(r -> r.passes() && r.domain().equals("other.example"));
    }

    /// Our signature under a From that nobody checked would make a forgery true.
    @Test
    void forwardedMailIsNotSigned() throws IOException {
        assertThat(signatures("ann@example.org", "x@example.org", "forward")).isEmpty();
    }

    /// Written by WildDuck's scheme with the secret "secret": scrypt, AES-256-GCM.
    @Test
    void anEncryptedKeyIsReadWithItsSecretOnly() throws Exception {
        var stored = encrypted(RSA.pem(), "secret");
        var document = keys.find("example.org").orElseThrow();
        store.documents().update(Collections.DKIM, document.id(), d -> d.with("privateKey", stored).without("additional"));
        assertThat(signatures("ann@example.org", "", "submit")).singleElement().matches(DkimResult::passes);
        assertThat(new DkimKeys(store.documents(), "another", clock).of("example.org")).isEmpty();
    }

    private static String encrypted(String text, String secret) throws Exception {
        var salt = new byte[16];
        var iv = new byte[12];
        var key = org.bouncycastle.crypto.generators.SCrypt.generate(secret.getBytes(StandardCharsets.UTF_8), salt, 16384, 8, 1, 32);
        var cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(javax.crypto.Cipher.ENCRYPT_MODE, new javax.crypto.spec.SecretKeySpec(key, "AES"), new javax.crypto.spec.GCMParameterSpec(128, iv));
        var sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
        var hex = java.util.HexFormat.of();
        var tag = hex.formatHex(sealed, sealed.length - 16, sealed.length);
        return "$wd01$aes-256-gcm$" + tag + "$" + hex.formatHex(iv) + "$" + hex.formatHex(salt) + "$" + hex.formatHex(sealed, 0, sealed.length - 16);
    }
}
