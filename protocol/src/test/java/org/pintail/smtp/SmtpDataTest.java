package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What comes between DATA and the lone dot, RFC 5321 §4.1.1.4 and §4.5.2.
class SmtpDataTest {
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

    /// `\r` and `\n` are written out so that the table shows what is on the wire.
    private static String bytes(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a\\r\\n               | a\\r\\n
            ..\\r\\n              | .\\r\\n
            ..a\\r\\n.b\\r\\n     | .a\\r\\nb\\r\\n
            a.\\r\\n..\\r\\n      | a.\\r\\n.\\r\\n
            \\r\\n\\r\\n          | \\r\\n\\r\\n
            a\\0b\\r\\n           | a\\0b\\r\\n
            '' | ''
            """)
    void aDotInFrontOfALineIsTakenAway(String sent, String kept) throws IOException {
        try (var wire = server.atData()) {
            wire.raw(bytes(sent) + ".\r\n");
            assertThat(wire.codes(1)).containsExactly(250);
        }
        assertThat(server.last().body()).isEqualTo(bytes(kept));
    }

    @Test
    void bytesComeThroughInPieces() throws IOException {
        try (var wire = server.atData()) {
            for (var piece : "Subject: \u00f6\r\n..\r\n.\r\n".split("")) {
                wire.raw(piece);
            }
            assertThat(wire.codes(1)).containsExactly(250);
        }
        assertThat(server.last().body()).isEqualTo("Subject: \u00f6\r\n.\r\n");
    }

    /// Some servers end a message at one of these. We never do, and since the message is refused we pass none of them on either.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\n.\\n", "\\n.\\r\\n", "\\r\\n.\\n", "\\r.\\r", "\\r.\\r\\n", "\\r\\n.\\r", "\\r.\\n", "\\n.\\r", "\\r\\n.\\r\\r\\n",
                "\\r\\n\\0.\\r\\n\\n", "\\r\\r\\n.\\n\\r\\n", "\\n\\r\\n.\\r\\n\\r\\n.\\r"
            })
    void aBareBreakNeverEndsTheMessage(String smuggled) throws IOException {
        try (var wire = server.atData()) {
            wire.raw("a" + bytes(smuggled).replace("\r\n.\r\n", "\r\n..\r\n") + "MAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nb\r\n.\r\n");
            wire.play("S: 550 5.6.0 Message contains a bare CR or LF...\nC: NOOP\nS: 250 2.0.0 OK");
        }
        assertThat(server.policy().received()).isEmpty();
    }

    @Test
    void aBareBreakAtTheVeryStartDoesNotEndTheMessage() throws IOException {
        try (var wire = server.atData()) {
            wire.raw(".\n.\r.\r\nNOOP\r\n.\r\n");
            assertThat(wire.codes(1)).containsExactly(550);
        }
    }

    @Test
    void theLargestMessageIsTakenAndOneByteMoreIsNot() throws IOException {
        try (var wire = server.atData()) {
            wire.send("x".repeat(SmtpFixture.MAX_SIZE - 2), ".");
            assertThat(wire.codes(1)).containsExactly(250);
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "DATA").codes(3);
            wire.send("x".repeat(SmtpFixture.MAX_SIZE - 1), ".");
            wire.play("S: 552 5.3.4 Message larger than 1000 bytes");
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "DATA").codes(3);
            wire.send("y".repeat(300_000), ".", "NOOP");
            assertThat(wire.codes(2)).containsExactly(552, 250);
        }
        assertThat(server.policy().received()).hasSize(1);
        assertThat(server.last().body()).hasSize(SmtpFixture.MAX_SIZE);
    }

    @Test
    void linesOfAnyLengthAreKept() throws IOException {
        var settings = new SmtpPolicy.Settings("mx.example.org", "Pintail", false, false, false, 3_000_000, 5);
        try (var roomy = new SmtpFixture(directory, settings, SmtpFixture.LIMITS);
                var wire = roomy.atData()) {
            wire.send("z".repeat(2_500_000), ".");
            assertThat(wire.codes(1)).containsExactly(250);
            assertThat(roomy.last().body()).hasSize(2_500_002);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleHasSentNothing() throws IOException {
        try (var wire = server.atData()) {
            wire.send("half a message");
        }
        try (var wire = server.greeted()) {
            wire.send("NOOP").codes(1);
        }
        assertThat(server.policy().received()).isEmpty();
    }

    @Test
    void aMessageHasToArriveInTime() throws IOException {
        var hurried = new SmtpLimits(200, Duration.ofSeconds(10), 5, Duration.ZERO);
        try (var hasty = new SmtpFixture(directory, SmtpFixture.settings(false, false), hurried);
                var wire = hasty.atData()) {
            wire.raw("x");
            wire.play("S: 421 4.4.2 mx.example.org waited too long\nS: closed");
        }
    }
}
