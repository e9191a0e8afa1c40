package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MimeParserPropertyTest {
    private static final int RUNS = 1500;

    /// Gives what it has in pieces as small as a network likes.
    private record Dripping(byte[] bytes, Random random) implements Source {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open(long from, long length) {
            var in = new ByteArrayInputStream(bytes, (int) from, (int) Math.min(length, bytes.length - from));
            return new FilterInputStream(in) {
                @Override
                public int read(byte[] into, int at, int count) throws IOException {
                    return super.read(into, at, Math.min(count, random.nextInt(1, 8)));
                }
            };
        }
    }

    @Test
    void theStructureDoesNotDependOnHowTheStreamComes() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < RUNS; run++) {
            var bytes = RandomMail.message(random, 3);
            var whole = MimeParser.parse(Source.of(bytes));
            assertThat(MimeParser.parse(new Dripping(bytes, random))).as("seed %d run %d", seed, run).isEqualTo(whole);
            assertThat(whole.sha256Hex())
                    .as("seed %d run %d", seed, run)
                    .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
    }

    @Test
    void aMessageBehindTraceFieldsIsWhatItWouldBeParsedAgain() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var head = "Return-Path: <a@b>\r\nReceived: from c\r\n\tby d\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int run = 0; run < RUNS; run++) {
            var bytes = RandomMail.message(random, 3);
            bytes[0] = 'S'; // white space would continue the last of the trace fields
            var whole = new ByteArrayOutputStream();
            whole.writeBytes(head);
            whole.writeBytes(bytes);
            assertThat(MimeParser.parse(Source.of(bytes)).root().behind(head))
                    .as("seed %d run %d", seed, run)
                    .isEqualTo(MimeParser.parse(Source.of(whole.toByteArray())).root());
        }
    }

    @Test
    void anyMessageHasAStructureAndComesBack() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < RUNS; run++) {
            var bytes = RandomMail.message(random, 3);
            Trees.check("seed " + seed + " run " + run, bytes);
            Trees.check("seed " + seed + " run " + run + " cut short", Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
    }
}
