package org.pintail.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyHasherTest {
    /// RFC 6376 §3.4.3 to §3.4.5: a body, and what it becomes.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                     | \\r\\n                       | ""
            \\r\\n                 | \\r\\n                       | ""
            \\r\\n\\r\\n\\r\\n     | \\r\\n                       | ""
            a                      | a\\r\\n                      | a\\r\\n
            a\\r\\n                | a\\r\\n                      | a\\r\\n
            a\\r\\n\\r\\n\\r\\n    | a\\r\\n                      | a\\r\\n
            a\\n\\nb\\n            | a\\r\\n\\r\\nb\\r\\n         | a\\r\\n\\r\\nb\\r\\n
            _C_\\r\\nD_\\tE\\r\\n\\r\\n\\r\\n | _C_\\r\\nD_\\tE\\r\\n | _C\\r\\nD_E\\r\\n
            a\\r\\n__\\r\\n        | a\\r\\n__\\r\\n              | a\\r\\n
            a\\rb\\r\\r\\n         | a\\rb\\r\\r\\n               | a\\rb\\r\\r\\n
            a_\\r\\n\\r            | a_\\r\\n\\r\\r\\n            | a\\r\\n\\r\\r\\n
            """)
    void canonicalForms(String body, String simple, String relaxed) {
        assertThat(hash(Canonicalization.SIMPLE, bytes(body), null, 1)).isEqualTo(hashOf(bytes(simple)));
        assertThat(hash(Canonicalization.RELAXED, bytes(body), null, 1)).isEqualTo(hashOf(bytes(relaxed)));
    }

    /// Random bodies of the bytes that matter, cut everywhere: one hash.
    @Test
    void whereTheChunksEndDoesNotMatter() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var letters = "\r\n \tab\r\n\n\r  ";
        for (int run = 0; run < 3000; run++) {
            var body = new byte[random.nextInt(60)];
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte) letters.charAt(random.nextInt(letters.length()));
            }
            @Nullable Long length = random.nextBoolean() ? null : (long) random.nextInt(40);
            for (var canonicalization : Canonicalization.values()) {
                var whole = hash(canonicalization, body, length, body.length + 1);
                for (int chunk = 1; chunk < 9; chunk++) {
                    assertThat(hash(canonicalization, body, length, chunk)).as("seed " + seed).isEqualTo(whole);
                }
            }
        }
    }

    /// The same for whole messages: a header that ends between chunks.
    @Test
    void aMessageMayComeByteByByte() {
        var message = DkimTesting.sign(DkimTesting.bytes("From: a@example.com\nTo: b\n\n a  b \n\n"), DkimTesting.RSA, "rsa", SigningOptions.DEFAULT);
        var verifier = new DkimVerifier(DkimTesting.dns(), DkimLimits.DEFAULT, java.time.InstantSource.fixed(DkimTesting.NOW));
        for (int size = 1; size < 40; size++) {
            var scan = new MessageScan(DkimLimits.DEFAULT, verifier::wanted);
            for (int at = 0; at < message.length; at += size) {
                scan.write(message, at, Math.min(size, message.length - at));
            }
            assertThat(verifier.verify(scan.finish())).singleElement().matches(DkimResult::passes);
        }
    }

    private static String hash(Canonicalization canonicalization, byte[] body, @Nullable Long length, int chunk) {
        var kind = new BodyHash.Kind(canonicalization, "SHA-256", length);
        var hasher = new BodyHasher(canonicalization, List.of(kind));
        for (int at = 0; at < body.length; at += chunk) {
            hasher.update(body, at, Math.min(chunk, body.length - at));
        }
        var hashes = new HashMap<BodyHash.Kind, BodyHash>();
        hasher.finish(hashes);
        return java.util.Objects.requireNonNull(hashes.get(kind)).base64();
    }

    private static String hashOf(byte[] canonical) {
        return Base64.getEncoder().encodeToString(Digests.of("SHA-256").digest(canonical));
    }

    private static byte[] bytes(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace('_', ' ').getBytes(StandardCharsets.ISO_8859_1);
    }
}
