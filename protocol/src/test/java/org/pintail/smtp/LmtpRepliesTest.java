package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RFC 2033 §4.2: as many replies as accepted recipients, whatever happens. With one too few the client waits for ever.
class LmtpRepliesTest {
    @TempDir
    Path directory = Path.of(".");

    @Test
    void aBugOfOursIsToldToEveryRecipient() throws IOException {
        try (var server = new SmtpFixture(directory, SmtpFixture.settings(true, false), SmtpFixture.LIMITS);
                var wire = server.connect()) {
            wire.reply();
            wire.send("LHLO client.example").reply();
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<broken@example.org>", "RCPT TO:<b@example.org>", "DATA").codes(4);
            wire.send(".", "NOOP");
            assertThat(wire.codes(3)).containsExactly(451, 451, 250);
        }
    }

    @Test
    void theLastChunkIsAnsweredForEveryRecipient() throws IOException {
        try (var server = new SmtpFixture(directory, SmtpFixture.settings(true, false), SmtpFixture.LIMITS);
                var wire = server.connect()) {
            wire.reply();
            wire.send("LHLO client.example").reply();
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "RCPT TO:<c@example.org>").codes(3);
            wire.raw("BDAT 1\r\naBDAT 1 LAST\r\nbNOOP\r\n");
            assertThat(wire.codes(4)).containsExactly(250, 250, 250, 250);
            assertThat(server.last().protocol()).isEqualTo("LMTP");
        }
    }
}
