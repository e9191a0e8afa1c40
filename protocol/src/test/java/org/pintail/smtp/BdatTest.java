package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.testkit.Wire;

/// Messages in chunks, RFC 3030.
class BdatTest {
    @TempDir
    Path directory = Path.of(".");

    private SmtpFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new SmtpFixture(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Wire withRecipient(Wire wire) throws IOException {
        wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>").codes(2);
        return wire;
    }

    @Test
    void chunksMakeTheMessage() throws IOException {
        try (var wire = withRecipient(server.greeted())) {
            wire.raw("BDAT 4\r\none BDAT 5 LAST\r\ntwo\r\nNOOP\r\n");
            wire.play("""
                    S: 250 2.0.0 4 octets received
                    S: 250 2.0.0 Taken
                    S: 250 2.0.0 OK
                    """);
        }
        assertThat(server.last().body()).isEqualTo("one two\r\n");
    }

    @Test
    void anEmptyLastChunkEndsTheMessage() throws IOException {
        try (var wire = withRecipient(server.greeted())) {
            wire.raw("BDAT 3\r\noneBDAT 0 LAST\r\n");
            assertThat(wire.codes(2)).containsExactly(250, 250);
        }
        assertThat(server.last().body()).isEqualTo("one");
    }

    /// The length says where a chunk ends, so nothing in it can be taken for an end or a command.
    @Test
    void chunksAreKeptByteForByte() throws IOException {
        var bytes = "a\r\n.\r\nQUIT\r\n\n.\n\r..\0\u00ff";
        try (var wire = withRecipient(server.greeted())) {
            wire.raw("BDAT " + bytes.length() + " LAST\r\n" + bytes);
            assertThat(wire.codes(1)).containsExactly(250);
        }
        assertThat(server.last().body()).isEqualTo(bytes);
    }

    @Test
    void withoutTransactionTheChunkIsReadAndRefused() throws IOException {
        try (var wire = server.greeted()) {
            wire.raw("BDAT 6 LAST\r\nQUIT\r\nMAIL FROM:<a@example.com>\r\nBDAT 6 LAST\r\nQUIT\r\nRCPT TO:<b@example.org>\r\n");
            assertThat(wire.codes(4)).containsExactly(503, 250, 503, 250);
            wire.raw("BDAT 3 LAST\r\nabc");
            assertThat(wire.codes(1)).containsExactly(250);
        }
        assertThat(server.last().body()).isEqualTo("abc");
    }

    @Test
    void afterDataThereIsNoTransactionLeft() throws IOException {
        try (var wire = server.atData()) {
            wire.raw("x\r\n.\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n");
            assertThat(wire.codes(3)).containsExactly(250, 503, 250);
        }
    }

    @Test
    void oneThatWasTooLargeOutsideATransactionDoesNotSpoilTheNext() throws IOException {
        try (var wire = server.greeted()) {
            wire.raw("BDAT 2000\r\n" + "x".repeat(2000));
            assertThat(wire.codes(1)).containsExactly(503);
            withRecipient(wire).raw("BDAT 3 LAST\r\nabc");
            assertThat(wire.codes(1)).containsExactly(250);
        }
    }

    @Test
    void neitherDataNorRecipientsComeAfterAChunk() throws IOException {
        try (var wire = withRecipient(server.greeted())) {
            wire.raw("BDAT 3\r\nabcDATA\r\nRCPT TO:<c@example.org>\r\nMAIL FROM:<c@example.com>\r\nBDAT 3 LAST\r\ndef");
            assertThat(wire.codes(5)).containsExactly(250, 503, 503, 503, 250);
        }
        assertThat(server.last().recipients()).containsExactly("b@example.org");
        assertThat(server.last().body()).isEqualTo("abcdef");
    }

    @Test
    void rsetThrowsChunksAway() throws IOException {
        try (var wire = withRecipient(server.greeted())) {
            wire.raw("BDAT 3\r\nabcRSET\r\n");
            assertThat(wire.codes(2)).containsExactly(250, 250);
            withRecipient(wire).raw("BDAT 3 LAST\r\ndef");
            assertThat(wire.codes(1)).containsExactly(250);
        }
        assertThat(server.last().body()).isEqualTo("def");
    }

    @Test
    void chunksCountTogetherAgainstTheSize() throws IOException {
        try (var wire = withRecipient(server.greeted())) {
            wire.raw("BDAT 600\r\n" + "x".repeat(600) + "BDAT 401\r\n" + "y".repeat(401) + "BDAT 0 LAST\r\nNOOP\r\n");
            assertThat(wire.codes(4)).containsExactly(250, 552, 552, 250);
        }
        assertThat(server.policy().received()).isEmpty();
    }

    @Test
    void aChunkHasToArriveInTime() throws IOException {
        var hurried = new SmtpLimits(200, Duration.ofSeconds(10), 5, Duration.ZERO);
        try (var hasty = new SmtpFixture(directory, SmtpFixture.settings(false, false), hurried);
                var wire = withRecipient(hasty.greeted())) {
            wire.raw("BDAT 10\r\nabc").play("S: 421 4.4.2 mx.example.org waited too long\nS: closed");
        }
    }

    @Test
    void aSizeThatCannotBeReadEndsTheConnection() throws IOException {
        try (var wire = withRecipient(server.greeted())) {
            wire.play("C: BDAT x LAST\nS: 501 5.5.4 Syntax: BDAT size [LAST]\nS: closed");
        }
    }
}
