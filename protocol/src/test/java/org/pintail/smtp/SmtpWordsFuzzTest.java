package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Paths, replies of other servers and messages out of any bytes.
class SmtpWordsFuzzTest {
    @FuzzTest
    void anyBytesAreUnderstoodOrRefused(byte @Nullable [] bytes) throws IOException {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        path(text);
        var reply = ReplyText.parse(200 + (bytes[0] & 0xff), List.of(text.split("\n", -1)));
        assertThat(reply.lines()).isNotEmpty();
        message(bytes);
    }

    private static void path(String text) {
        try {
            var recipient = PathArguments.recipient(text, "mx.example.org", "RCPT TO:<address>").address();
            assertThat(PathArguments.recipient("<" + recipient + ">", "mx.example.org", "").address()).isEqualTo(recipient);
        } catch (SmtpReply.Refused refused) {
            assertThat(refused.reply().code()).isBetween(500, 599);
        }
    }

    /// What the other side reads of what we write is what we had.
    private static void message(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        var reader = new DataReader(out, Long.MAX_VALUE);
        int taken = reader.take(bytes, 0, bytes.length);
        assertThat(taken).isBetween(0, bytes.length);
        assertThat(out.size()).isLessThanOrEqualTo(taken);
    }
}
