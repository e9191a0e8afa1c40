package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.mime.Source;

class DotStufferTest {
    private static String stuffed(String message) throws IOException {
        var out = new ByteArrayOutputStream();
        new DotStuffer(out).write(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)));
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''            | .\\r\\n
            a             | a\\r\\n.\\r\\n
            a\\r\\n       | a\\r\\n.\\r\\n
            a\\n          | a\\r\\n.\\r\\n
            a\\r          | a\\r\\n.\\r\\n
            .             | ..\\r\\n.\\r\\n
            a\\r\\n.b     | a\\r\\n..b\\r\\n.\\r\\n
            a.b\\r\\n     | a.b\\r\\n.\\r\\n
            a\\n.\\nb     | a\\r\\n..\\r\\nb\\r\\n.\\r\\n
            a\\r.\\rb     | a\\r\\n..\\r\\nb\\r\\n.\\r\\n
            a\\n.\\r\\nb  | a\\r\\n..\\r\\nb\\r\\n.\\r\\n
            \\r\\r\\n     | \\r\\n\\r\\n.\\r\\n
            """)
    void everyLineBreakBecomesCrlfAndLeadingDotsDouble(String message, String wire) throws IOException {
        var text = message.replace("\\r", "\r").replace("\\n", "\n");
        assertThat(stuffed(text)).isEqualTo(wire.replace("\\r", "\r").replace("\\n", "\n"));
    }

    /// Whatever is stored, nothing in it ends DATA early: the reader gets all of it, with every break as CRLF.
    @Test
    void theReaderGetsWhatWasSent() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(40_000); n > 0; n--) {
                text.append("\r\n.a".charAt(random.nextInt(4)));
            }
            var out = new ByteArrayOutputStream();
            var reader = new DataReader(out, Long.MAX_VALUE);
            var wire = stuffed(text.toString()).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(reader.take(wire, 0, wire.length)).as("seed %d run %d", seed, run).isEqualTo(wire.length);
            assertThat(reader.ended()).isTrue();
            assertThat(reader.bareBreak()).isFalse();
            var expected = text.toString().replaceAll("\r\n|\r|\n", "\r\n");
            assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(expected.isEmpty() || expected.endsWith("\r\n") ? expected : expected + "\r\n");
        }
    }
}
