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

/// Commands and their order, RFC 5321 §4.
class SmtpDialogueTest {
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

    @Test
    void aMessageGoesThrough() throws IOException {
        try (var wire = server.connect()) {
            wire.play("""
                    S: 220 mx.example.org ESMTP Pintail
                    C: EHLO client.example
                    S: 250-mx.example.org greets 127.0.0.1
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-SMTPUTF8
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-CHUNKING
                    S: 250-SIZE 1000
                    S: 250 STARTTLS
                    C: MAIL FROM:<a@example.com> SIZE=12 BODY=8BITMIME
                    S: 250 2.1.0 Sender OK
                    C: RCPT TO:<b@example.org>
                    S: 250 2.1.5 Recipient OK
                    C: DATA
                    S: 354 End with <CRLF>.<CRLF>
                    C: Subject: x
                    C: .
                    S: 250 2.0.0 Taken
                    C: QUIT
                    S: 221 2.0.0 mx.example.org closing connection
                    S: closed
                    """);
        }
        var expected = new RecordingPolicy.Received(
                "ESMTP", "client.example", "a@example.com", java.util.List.of("b@example.org"), "", "Subject: x\r\n");
        assertThat(server.policy().received()).containsExactly(expected);
    }

    @Test
    void heloHasNoExtensions() throws IOException {
        try (var wire = server.greetedPlainly()) {
            wire.play("""
                    C: MAIL FROM:<a@example.com> SIZE=12
                    S: 555 5.5.4 Parameters need EHLO
                    C: MAIL FROM:<a@example.com>
                    S: 250 2.1.0 Sender OK
                    """);
        }
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrder() throws IOException {
        try (var wire = server.greeted()) {
            wire.send(
                    "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "RCPT TO:<nobody@example.org>", "DATA");
            assertThat(wire.codes(4)).containsExactly(250, 250, 550, 354);
            wire.send("one", ".", "MAIL FROM:<>", "RCPT TO:<c@example.org>", "DATA");
            assertThat(wire.codes(4)).containsExactly(250, 250, 250, 354);
            wire.send("two", ".", "QUIT");
            assertThat(wire.codes(2)).containsExactly(250, 221);
        }
        assertThat(server.policy().received()).extracting(RecordingPolicy.Received::sender).containsExactly("a@example.com", "");
    }

    @Test
    void commandsOutOfOrderAreRefused() throws IOException {
        try (var wire = server.connect()) {
            wire.play("""
                    S: 220 ...
                    C: MAIL FROM:<a@example.com>
                    S: 503 5.5.1 Say EHLO first
                    C: EHLO client.example
                    """).reply();
            wire.play("""
                    C: RCPT TO:<b@example.org>
                    S: 503 5.5.1 Say MAIL first
                    C: MAIL FROM:<a@example.com>
                    S: 250 ...
                    C: MAIL FROM:<a@example.com>
                    S: 503 5.5.1 A transaction is open already
                    C: DATA
                    S: 503 5.5.1 Say RCPT first
                    """);
        }
    }

    @Test
    void dataWithoutAnAcceptedRecipientIsRefused() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<nobody@example.org>", "DATA");
            assertThat(wire.codes(3)).containsExactly(250, 550, 554);
        }
    }

    @Test
    void rsetAndEhloEndTheTransaction() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("MAIL FROM:<a@example.com>", "RSET", "RCPT TO:<b@example.org>");
            assertThat(wire.codes(3)).containsExactly(250, 250, 503);
            wire.send("MAIL FROM:<a@example.com>", "EHLO again.example", "RCPT TO:<b@example.org>");
            assertThat(wire.codes(3)).containsExactly(250, 250, 503);
        }
    }

    @Test
    void aRefusedSenderLeavesNoTransaction() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("MAIL FROM:<spammer@example.com>", "RCPT TO:<b@example.org>", "MAIL FROM:<a@example.com>");
            assertThat(wire.codes(3)).containsExactly(550, 503, 250);
        }
    }

    @Test
    void theSixthRecipientHasToWait() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("MAIL FROM:<a@example.com>");
            for (int i = 0; i < 6; i++) {
                wire.send("RCPT TO:<b" + i + "@example.org>");
            }
            assertThat(wire.codes(7)).containsExactly(250, 250, 250, 250, 250, 250, 452);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NONSENSE                              | 500 5.5.2 Command not recognised
            EHLO                                  | 501 5.5.4 Syntax: EHLO hostname
            LHLO client.example                   | 500 5.5.1 This is SMTP, use EHLO
            DATA now                              | 501 5.5.4 DATA takes no arguments
            STARTTLS now                          | 501 5.5.4 STARTTLS takes no arguments
            AUTH PLAIN AGFsaWNlAHNlY3JldA==       | 503 5.5.1 AUTH is not offered here
            MAIL                                  | 501 5.5.4 Syntax: MAIL FROM:<address>
            MAIL FROM:                            | 501 5.5.4 Syntax error: expected MAIL FROM:<address>
            MAIL FROM:<a@example.com              | 501 5.5.4 Syntax error: expected MAIL FROM:<address>
            MAIL FROM:<nonsense>                  | 501 5.1.7 This is no valid address
            MAIL FROM:<a@example.com> FOO=1       | 555 5.5.4 Parameter FOO is not known
            MAIL FROM:<a@example.com> BODY=BINARYMIME | 501 5.5.4 Syntax: BODY=7BIT or BODY=8BITMIME
            MAIL FROM:<a@example.com> SIZE=x      | 501 5.5.4 Syntax: SIZE=bytes
            MAIL FROM:<a@example.com> SIZE=1001   | 552 5.3.4 Message larger than 1000 bytes
            MAIL FROM:<pelé@example.com>          | 553 5.6.7 This address needs SMTPUTF8
            VRFY b                                | 252 2.5.0 ...
            NOOP with words                       | 250 2.0.0 OK
            HELP                                  | 214 2.0.0 ...
            """)
    void oddCommandsHaveTheirReplies(String command, String reply) throws IOException {
        try (var wire = server.greeted()) {
            wire.play("C: " + command + "\nS: " + reply);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RCPT TO:<>                            | 553 5.1.3 This is no valid address
            RCPT TO:<b@example.org> NOTIFY=NEVER  | 555 5.5.4 Parameters of RCPT are not known
            RCPT TO:<pelé@example.org>            | 553 5.6.7 This address needs SMTPUTF8
            RCPT TO:<@relay.example:b@example.org> | 250 2.1.5 Recipient OK
            RCPT TO: b@example.org                | 250 2.1.5 Recipient OK
            RCPT TO:<"b > c"@example.org>         | 250 2.1.5 Recipient OK
            rcpt to:<Postmaster>                  | 250 2.1.5 Recipient OK
            """)
    void oddRecipientsHaveTheirReplies(String command, String reply) throws IOException {
        try (var wire = server.greeted()) {
            wire.play("C: MAIL FROM:<a@example.com>\nS: 250 ...\nC: " + command + "\nS: " + reply);
        }
    }

    @Test
    void smtputf8LetsAddressesBeUtf8() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("MAIL FROM:<pelé@example.com> SMTPUTF8 BODY=8bitmime", "RCPT TO:<δοκιμή@παράδειγμα.δοκιμή>", "DATA").codes(3);
            wire.send("Subject: ö", ".").codes(1);
        }
        assertThat(server.last().protocol()).isEqualTo("UTF8SMTP");
        assertThat(server.last().sender()).isEqualTo("pelé@example.com");
        assertThat(server.last().recipients()).containsExactly("δοκιμή@παράδειγμα.δοκιμή");
        assertThat(server.last().body()).isEqualTo("Subject: \u00c3\u00b6\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL FROM:<a\0@example.com>\r\n", "NOOP\0\r\n", "NOOP\rQUIT\r\n", "NOOP \u00ff\r\n", "EHLO a\u007f\r\n"})
    void controlCharactersAndWhatIsNoUtf8AreRefused(String command) throws IOException {
        try (var wire = server.greeted()) {
            wire.raw(command).send("NOOP");
            assertThat(wire.codes(2)).containsExactly(501, 250);
        }
    }

    @Test
    void aLineTooLongIsRefusedAndTheNextOneIsHeard() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("NOOP " + "x".repeat(100_000), "NOOP " + "x".repeat(195), "NOOP " + "x".repeat(196));
            assertThat(wire.codes(3)).containsExactly(500, 250, 500);
        }
    }

    @Test
    void tooManyErrorsEndTheDialogue() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("A", "B", "C", "D", "E", "NOOP");
            assertThat(wire.codes(6)).containsExactly(500, 500, 500, 500, 500, 421);
            wire.play("S: closed");
        }
    }

    @Test
    void aBrowserIsSentAway() throws IOException {
        try (var wire = server.connect()) {
            wire.reply();
            wire.send("POST / HTTP/1.1", "Host: mx.example.org", "", "MAIL FROM:<a@example.com>");
            wire.play("S: 421 4.7.0 This is no HTTP server\nS: closed");
        }
    }

    @Test
    void aSilentClientIsSentAway() throws IOException {
        var impatient = new SmtpLimits(200, Duration.ofMillis(100), 5, Duration.ofSeconds(10));
        try (var hasty = new SmtpFixture(directory, SmtpFixture.settings(false, false), impatient);
                var wire = hasty.greeted()) {
            wire.play("S: 421 4.4.2 mx.example.org waited too long\nS: closed");
        }
    }

    @Test
    void aServerGoingDownLetsTransactionsFinish() throws IOException {
        try (var idle = server.greeted();
                var busy = server.atData()) {
            server.drain();
            assertThat(idle.line()).isEqualTo("421 4.3.2 mx.example.org is going down, try again");
            busy.send("Subject: x", ".");
            assertThat(busy.codes(2)).containsExactly(250, 421);
            busy.play("S: closed");
        }
        assertThat(server.policy().received()).hasSize(1);
    }

    @Test
    void aBugOfOursIsATemporaryFailure() throws IOException {
        try (var wire = server.greeted()) {
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<broken@example.org>", "DATA").codes(3);
            wire.play("C: .\nS: 451 4.3.0 Internal error, try again later\nC: NOOP\nS: 250 ...");
        }
    }
}
