package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.imap.wire.No;
import org.pintail.mime.MimeParser;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;
import org.pintail.mime.Spool;
import org.pintail.mime.TransferEncoding;

class BinaryPartsTest {
    @TempDir
    static Path directory = Path.of(".");

    private static byte[] encoded(byte[] message) throws IOException {
        var spool = new Spool(directory);
        spool.write(message);
        try (var result = BinaryParts.encoded(spool, new Spool(directory))) {
            return result.readAll();
        }
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(byte[] message, String number) throws IOException {
        var source = Source.of(message);
        MimePart part = MimeParser.parse(source).root().find(number).orElseThrow();
        try (var in = TransferEncoding.decode(source.open(part.bodyStart(), part.bodySize()), part.encoding())) {
            return in.readAllBytes();
        }
    }

    @Test
    void nulOutsideOfBinaryPartsIsRefused() {
        assertThatThrownBy(() -> encoded(latin("Subject: x\0\r\n\r\nbody")))
                .isInstanceOfSatisfying(No.class, no -> assertThat(no.code()).isEqualTo("UNKNOWN-CTE"));
        assertThatThrownBy(() -> encoded(latin("Content-Transfer-Encoding: 8bit\r\n\r\nbo\0dy"))).isInstanceOf(No.class);
    }

    @Test
    void whatIsNotBinaryStaysByteForByte() throws IOException {
        var message = latin("Subject: x\nContent-Transfer-Encoding: 8bit\n\n\u00e4 bo\ndy");
        assertThat(encoded(message)).isEqualTo(message);
    }

    @Test
    void partsThatAreBinaryAreTheSameOnceDecoded() throws IOException {
        var inner = "\0\1\2\u00ff\r\n\n".repeat(40);
        var message = latin("MIME-Version: 1.0\r\ncontent-transfer-encoding: BINARY\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: binary\r\nX: y\r\n\r\n" + inner
                + "\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b\r\n"
                + "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                + "Subject: in\r\nContent-Transfer-Encoding: binary\r\n\r\n\0in\r\n--b--\r\n");
        var kept = encoded(message);
        assertThat(new String(kept, StandardCharsets.ISO_8859_1))
                .doesNotContain("\0")
                .contains("X: y\r\n", "Content-Transfer-Encoding: 8bit\r\n");
        assertThat(body(kept, "1")).isEqualTo(latin(inner));
        assertThat(body(kept, "2")).isEqualTo(latin("text"));
        assertThat(body(kept, "3.1")).isEqualTo(latin("\0in"));
    }

    /// Whatever comes: without NUL and readable, or refused; and no temporary file is left.
    @Test
    void anyBytesAreKeptWithoutNulOrRefused() throws IOException {
        long seed = 20261125;
        var random = new Random(seed);
        var words = new String[] {
            "Content-Transfer-Encoding: binary\r\n", "Content-Type: multipart/mixed; boundary=b\r\n", "\r\n", "--b\r\n", "--b--\r\n", "\0", "x",
            "Content-Type: message/rfc822\r\n", " folded\r\n", "\n", "Content-Transfer-Encoding:\r\n binary\r\n"
        };
        for (int i = 0; i < 3000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(20); n >= 0; n--) {
                text.append(words[random.nextInt(words.length)]);
            }
            try {
                assertThat(encoded(latin(text.toString()))).as("seed %d, %d", seed, i).doesNotContain(0);
            } catch (No refused) {
                assertThat(refused.code()).isEqualTo("UNKNOWN-CTE");
            }
        }
        var large = new byte[3 << 20];
        random.nextBytes(large);
        var message = new byte[large.length + 39];
        System.arraycopy(latin("Content-Transfer-Encoding: binary\r\n\r\n "), 0, message, 0, 38);
        System.arraycopy(large, 0, message, 39, large.length);
        assertThat(body(encoded(message), "1")).hasSize(large.length + 2);
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
