package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 2045 §6.7 and §6.8.
class TransferEncodingTest {
    private static final List<List<String>> QUOTED_PRINTABLE = List.of(
            List.of("=", "", "an escape that ends at once"),
            List.of("=4", "=4", "half an escape"),
            List.of("=XY", "=XY", "no hex digits"),
            List.of("a=\rb", "a=\rb".substring(0, 1) + "b", "a soft break of a lone CR"),
            List.of("==41", "=A", "an escape inside an escape"),
            List.of("= =41", "= A", "a blank after it, and no end of line"),
            List.of("a  \t", "a  \t", "blanks at the end of all"),
            List.of("\u00e4", "\u00e4", "8-bit bytes stand for themselves"),
            List.of("=c3=A4", "\u00c3\u00a4", "both cases"),
            List.of("a=\r\nb", "ab", "a soft line break"),
            List.of("a=\nb", "ab", "one of a lone LF"),
            List.of("a= \t\r\nb", "ab", "blanks after it"),
            List.of("a \t\r\nb", "a\r\nb", "RFC 2045 §6.7 (3): blanks before a line break"),
            List.of("a =\r\n b", "a  b", "blanks around a soft one stay"),
            List.of("a=20\r\nb", "a \r\nb", "an escaped blank stays"),
            List.of("Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.",
                    "Now's the time for all folk to come to the aid of their country.", "RFC 2045 §6.7 (5)"));

    private static final List<List<String>> BASE64 = List.of(
            List.of("", "", "nothing"),
            List.of("Q", "", "six bits"),
            List.of("QQ", "A", "no padding"),
            List.of("QQ==", "A", "padding"),
            List.of("QQ==QUI=", "AAB", "two encodings one after the other"),
            List.of("Q=Q=", "", "padding that cuts a character off"),
            List.of("QU\r\n JD", "ABC", "line breaks and blanks"),
            List.of("Q!U\u00e4J#D", "ABC", "RFC 2045 §6.8: other characters are ignored"),
            List.of("-_8=", "", "not the alphabet for URLs"),
            List.of("+/8=", "\u00fb\u00ff", "the alphabet for mail"));

    @Test
    void quotedPrintableIsReadTolerantly() throws IOException {
        for (var row : QUOTED_PRINTABLE) {
            assertThat(decode(row.get(0), "quoted-printable")).as(row.get(2)).isEqualTo(row.get(1));
        }
    }

    @Test
    void base64IsReadTolerantly() throws IOException {
        for (var row : BASE64) {
            assertThat(decode(row.get(0), "base64")).as(row.get(2)).isEqualTo(row.get(1));
        }
    }

    @Test
    void otherEncodingsAreLeftAsTheyAre() throws IOException {
        for (var encoding : List.of("7bit", "8bit", "binary", "x-uuencode", "")) {
            assertThat(decode("=41 QQ==\r\n", encoding)).as(encoding).isEqualTo("=41 QQ==\r\n");
        }
    }

    private static String decode(String text, String encoding) throws IOException {
        try (var in = TransferEncoding.decode(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), encoding)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void longRunsOfBlanksCostNoMemory() throws IOException {
        assertThat(decode("a" + " ".repeat(100_000) + "\r\nb", "quoted-printable")).startsWith("a").endsWith("\r\nb");
        assertThat(decode("=" + " ".repeat(100_000) + "\r\nb", "quoted-printable")).endsWith("\r\nb");
        assertThat(decode("=".repeat(100_000), "quoted-printable")).hasSizeGreaterThan(99_000);
    }

    @Test
    void base64OfAnyBytesReadsBackHoweverItIsAskedFor() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            var bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            var encoded = Base64.getMimeEncoder(4 * (1 + random.nextInt(19)), "\r\n".getBytes(StandardCharsets.US_ASCII)).encode(bytes);
            try (var in = TransferEncoding.decode(new ByteArrayInputStream(encoded), "base64")) {
                var back = new byte[bytes.length + 10];
                int at = 0;
                int got = 0;
                while (got >= 0) {
                    at += got;
                    got = in.read(back, at, Math.min(back.length - at, random.nextInt(1, 9)));
                }
                assertThat(Arrays.copyOf(back, at)).as("seed %d run %d", seed, run).isEqualTo(bytes);
            }
        }
    }
}
