package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.testkit.Wire;

/// STARTTLS (RFC 3207) and AUTH (RFC 4954), by clients that are not on this machine.
class StartTlsTest {
    private static final String ALICE = "AGFsaWNlAHNlY3JldA==";

    @TempDir
    Path directory = Path.of(".");

    private SmtpFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new SmtpFixture(directory, SmtpFixture.settings(false, true), SmtpFixture.LIMITS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static List<String> hello(Wire wire) throws IOException {
        return wire.send("EHLO client.example").reply();
    }

    private Wire secured() throws IOException {
        var wire = server.connectFromAfar();
        wire.reply();
        wire.play("C: STARTTLS\nS: 220 2.0.0 Go ahead").startTls();
        hello(wire);
        return wire;
    }

    @Test
    void authIsThereOnlyUnderTls() throws IOException {
        try (var wire = server.connectFromAfar()) {
            wire.reply();
            assertThat(hello(wire)).contains("250 STARTTLS").noneMatch(line -> line.contains("AUTH"));
            wire.play("""
                    C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
                    S: 538 5.7.11 Must issue a STARTTLS command first
                    C: MAIL FROM:<a@example.com>
                    S: 530 5.7.0 Authentication required
                    C: STARTTLS
                    S: 220 2.0.0 Go ahead
                    """);
            wire.startTls();
            assertThat(hello(wire)).anyMatch(line -> line.startsWith("250 AUTH PLAIN LOGIN ") && line.contains(" SCRAM-SHA-256-PLUS")).noneMatch(line -> line.contains("STARTTLS"));
            wire.play("""
                    C: STARTTLS
                    S: 503 5.5.1 TLS is on already
                    C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
                    S: 235 2.7.0 Authentication successful
                    C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
                    S: 503 5.5.1 Already authenticated
                    """);
            wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "DATA").codes(3);
            wire.send(".").codes(1);
        }
        assertThat(server.last().protocol()).isEqualTo("ESMTPSA");
        assertThat(server.last().login()).isEqualTo("alice");
    }

    /// RFC 3207 §4.2: what was said in clear counts no more.
    @Test
    void afterTheHandshakeTheClientStartsAgain() throws IOException {
        try (var wire = server.connect()) {
            wire.reply();
            hello(wire);
            wire.send("AUTH PLAIN " + ALICE, "MAIL FROM:<a@example.com>", "STARTTLS").codes(3);
            wire.startTls();
            wire.send("MAIL FROM:<a@example.com>").play("S: 503 5.5.1 Say EHLO first");
            hello(wire);
            wire.send("RCPT TO:<b@example.org>", "MAIL FROM:<a@example.com>");
            assertThat(wire.codes(2)).containsExactly(503, 530);
        }
    }

    /// CVE-2011-0411: what an attacker put behind STARTTLS must not be heard as if it had come under TLS.
    @Test
    void plaintextPipelinedBehindStartTlsIsThrownAway() throws IOException {
        try (var wire = server.connectFromAfar()) {
            wire.reply();
            hello(wire);
            wire.send("STARTTLS", "EHLO evil.example", "AUTH PLAIN " + ALICE);
            assertThat(wire.codes(1)).containsExactly(220);
            wire.startTls();
            wire.send("NOOP").play("S: 250 2.0.0 OK");
            wire.send("MAIL FROM:<a@example.com>").play("S: 503 5.5.1 Say EHLO first");
        }
    }

    @Test
    void plaintextInPlaceOfTheHandshakeEndsTheConnection() throws IOException {
        try (var wire = server.connectFromAfar()) {
            wire.reply();
            wire.play("C: STARTTLS\nS: 220 2.0.0 Go ahead");
            wire.send("EHLO evil.example", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>");
            assertThatThrownBy(() -> wire.codes(1)).isNotNull();
        }
        assertThat(server.policy().received()).isEmpty();
    }

    @Test
    void plainAndLoginMayAskForMore() throws IOException {
        try (var plain = secured();
                var login = secured();
                var half = secured()) {
            plain.play("C: AUTH PLAIN\nS: 334 \nC: AGFsaWNlAHNlY3JldA==\nS: 235 ...");
            login.play("C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YWxpY2U=\nS: 334 UGFzc3dvcmQ6\nC: c2VjcmV0\nS: 235 ...");
            half.play("C: AUTH LOGIN YWxpY2U=\nS: 334 UGFzc3dvcmQ6\nC: c2VjcmV0\nS: 235 ...");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AUTH PLAIN AGFsaWNlAHdyb25n   | 535 5.7.8 Authentication failed
            AUTH PLAIN !!!                | 501 5.5.2 Expected base64 of user name and password
            AUTH PLAIN =                  | 501 5.5.2 Expected base64 of user name and password
            AUTH PLAIN YWxpY2U=           | 501 5.5.2 Expected base64 of user name and password
            AUTH CRAM-MD5                 | 504 5.5.4 Mechanism not known; expected one of PLAIN LOGIN PLAIN-CLIENTTOKEN SCRAM-SHA-256 SCRAM-SHA-1 SCRAM-SHA-256-PLUS
            AUTH                          | 501 5.5.4 Syntax: AUTH mechanism
            """)
    void badAuthHasItsReply(String command, String reply) throws IOException {
        try (var wire = secured()) {
            wire.play("C: " + command + "\nS: " + reply);
        }
    }

    @Test
    void anExchangeCanBeCancelled() throws IOException {
        try (var wire = secured()) {
            wire.play("C: AUTH LOGIN\nS: 334 ...\nC: *\nS: 501 5.7.0 Authentication cancelled\nC: NOOP\nS: 250 ...");
        }
    }

    @Test
    void guessingEndsTheDialogue() throws IOException {
        try (var wire = secured()) {
            for (int i = 0; i < 5; i++) {
                wire.send("AUTH PLAIN AGFsaWNlAHdyb25n");
            }
            assertThat(wire.codes(6)).containsExactly(535, 535, 535, 535, 535, 421);
            wire.play("S: closed");
        }
    }

    @Test
    void authIsNoPartOfATransaction() throws IOException {
        try (var wire = secured()) {
            wire.send("AUTH PLAIN " + ALICE, "MAIL FROM:<a@example.com>", "AUTH PLAIN " + ALICE);
            assertThat(wire.codes(3)).containsExactly(235, 250, 503);
        }
    }
}
