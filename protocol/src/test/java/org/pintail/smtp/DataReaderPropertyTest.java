package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// However the network cuts a message, [DataReader] reads what a naive reader of the whole reads.
class DataReaderPropertyTest {
    private static final int RUNS = 20_000;
    private static final String ALPHABET = "\r\n.a";

    /// Everything there is to know about a message.
    private record Seen(boolean ended, int consumed, String body, boolean bareBreak, boolean tooBig) {}

    @Test
    void chunksDoNotMatter() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < RUNS; run++) {
            var stream = stream(random);
            int limit = random.nextInt(60);
            assertThat(inChunks(stream, limit, random)).as("seed %d run %d", seed, run).isEqualTo(naive(stream, limit));
        }
    }

    private static String stream(Random random) {
        var text = new StringBuilder();
        for (int n = random.nextInt(40); n > 0; n--) {
            text.append(random.nextInt(4) == 0 ? "\r\n" : ALPHABET.substring(random.nextInt(4)).substring(0, 1));
        }
        return text + (random.nextBoolean() ? "\r\n.\r\n" : "") + (random.nextBoolean() ? "QUIT\r\n" : "");
    }

    private static Seen inChunks(String stream, int limit, Random random) throws IOException {
        var bytes = stream.getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream();
        var reader = new DataReader(out, limit);
        int at = 0;
        while (at < bytes.length && !reader.ended()) {
            int from = random.nextInt(3);
            var block = new byte[from + 1 + random.nextInt(9)];
            int count = Math.min(block.length - from, bytes.length - at);
            System.arraycopy(bytes, at, block, from, count);
            at += reader.take(block, from, from + count);
            Arrays.fill(block, (byte) '!'); // nothing may look back into it
        }
        boolean all = !reader.tooBig();
        return new Seen(reader.ended(), at, all ? out.toString(StandardCharsets.ISO_8859_1) : "", reader.bareBreak(), reader.tooBig());
    }

    /// Looks at the whole: the end is the first CRLF "." CRLF, the start of the message counting as a line start.
    private static Seen naive(String stream, int limit) {
        int end = ("\r\n" + stream).indexOf("\r\n.\r\n");
        boolean ended = end >= 0;
        var raw = ended ? stream.substring(0, end) : stream;
        var body = unstuffed(raw, ended);
        var settled = !ended && raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw; // a LF may still come
        boolean bare = settled.replace("\r\n", "").chars().anyMatch(c -> c == '\r' || c == '\n');
        return new Seen(ended, ended ? end + 3 : stream.length(), body.length() > limit ? "" : body, bare, body.length() > limit);
    }

    private static String unstuffed(String raw, boolean ended) {
        var body = ("\r\n" + raw).replace("\r\n.", "\r\n").substring(2);
        boolean heldBack = !ended && ("\r\n" + raw).endsWith("\r\n.\r");
        return heldBack ? body.substring(0, body.length() - 1) : body;
    }
}
