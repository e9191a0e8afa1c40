package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.mime.Source;
import org.pintail.net.Tls;
import org.pintail.testkit.ScriptedServer;

class SmtpClientTest {
    private static final String PLAIN = """
            S: 220 sink.example ESMTP
            C: EHLO client.example
            S: 250 sink.example
            """;
    private static final String PIPELINING = """
            S: 220-sink.example
            S: 220 ready
            C: EHLO client.example
            S: 250-sink.example
            S: 250-PIPELINING
            S: 250-SIZE 1000
            S: 250-8BITMIME
            S: 250 SMTPUTF8
            """;
    private static final Source MESSAGE = Source.of("Subject: x\n\n.dot\n".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path directory = Path.of(".");

    private static SmtpClient.Settings settings(SmtpClient.TlsMode tls, boolean lmtp) {
        return new SmtpClient.Settings("client.example", tls, null, Duration.ofSeconds(5), Duration.ofSeconds(5), lmtp);
    }

    private static SmtpClient connect(ScriptedServer server, SmtpClient.TlsMode tls) throws IOException {
        return SmtpClient.connect(server.address(), "localhost", settings(tls, false));
    }

    private SSLContext certificate() throws IOException {
        return Tls.selfSigned(directory, List.of("localhost")).context();
    }

    private static List<SmtpReply> send(SmtpClient client, String... recipients) throws IOException {
        return client.send("a@example.com", List.of(recipients), MESSAGE, false).perRecipient();
    }

    @Test
    void oneCommandAtATimeWithoutPipelining() throws Exception {
        try (var server = new ScriptedServer(PLAIN + """
                C: MAIL FROM:<a@example.com>
                S: 250 ok
                C: RCPT TO:<b@example.org>
                S: 250 ok
                C: DATA
                S: 354 go
                C: (message)
                S: 250 2.6.0 kept
                C: QUIT
                """)) {
            try (var client = connect(server, SmtpClient.TlsMode.NONE)) {
                assertThat(send(client, "b@example.org")).containsExactly(new SmtpReply(250, "2.6.0", "kept"));
            }
            assertThat(server.await().messages()).containsExactly("Subject: x\r\n\r\n..dot\r\n");
        }
    }

    @Test
    void parametersGoWhereTheyAreOffered() throws Exception {
        try (var server = new ScriptedServer(PIPELINING + """
                C: MAIL FROM:<pelé@example.com> SIZE=17 BODY=8BITMIME SMTPUTF8
                C: RCPT TO:<b@example.org>
                S: 250 ok
                S: 250 ok
                C: DATA
                S: 354 go
                C: (message)
                S: 250 ok
                """);
                var client = connect(server, SmtpClient.TlsMode.NONE)) {
            var outcome = client.send("pelé@example.com", List.of("b@example.org"), MESSAGE, true);
            assertThat(outcome.perRecipient()).extracting(SmtpReply::code).containsExactly(250);
        }
    }

    @Test
    void smtputf8IsNotSentToThoseWhoDoNotOfferIt() throws Exception {
        try (var server = new ScriptedServer(PLAIN);
                var client = connect(server, SmtpClient.TlsMode.NONE)) {
            var outcome = client.send("pelé@example.com", List.of("b@example.org"), MESSAGE, true);
            assertThat(outcome.perRecipient()).extracting(SmtpReply::status).containsExactly("5.6.7");
        }
    }

    @Test
    void eachRecipientHasItsReply() throws Exception {
        try (var server = new ScriptedServer(PIPELINING + """
                C: MAIL FROM:<a@example.com> SIZE=17 BODY=8BITMIME
                C: RCPT TO:<b@example.org>
                C: RCPT TO:<nobody@example.org>
                C: RCPT TO:<later@example.org>
                S: 250 ok
                S: 250 ok
                S: 550-5.1.1 There is
                S: 550 5.1.1 no such user
                S: 450 4.2.1 later
                C: DATA
                S: 354 go
                C: (message)
                S: 250 taken
                """);
                var client = connect(server, SmtpClient.TlsMode.NONE)) {
            assertThat(send(client, "b@example.org", "nobody@example.org", "later@example.org"))
                    .containsExactly(
                            new SmtpReply(250, "", "taken"),
                            new SmtpReply(550, "5.1.1", List.of("There is", "no such user")),
                            new SmtpReply(450, "4.2.1", "later"));
        }
    }

    @Test
    void lmtpHasAReplyPerAcceptedRecipient() throws Exception {
        try (var server = new ScriptedServer("""
                S: 220 sink.example LMTP
                C: LHLO client.example
                S: 250-sink.example
                S: 250 PIPELINING
                C: MAIL FROM:<a@example.com>
                C: RCPT TO:<b@example.org>
                C: RCPT TO:<nobody@example.org>
                C: RCPT TO:<full@example.org>
                S: 250 ok
                S: 250 ok
                S: 550 no
                S: 250 ok
                C: DATA
                S: 354 go
                C: (message)
                S: 250 taken
                S: 552 full
                """);
                var client = SmtpClient.connect(server.address(), "localhost", settings(SmtpClient.TlsMode.NONE, true))) {
            assertThat(send(client, "b@example.org", "nobody@example.org", "full@example.org"))
                    .extracting(SmtpReply::code)
                    .containsExactly(250, 550, 552);
        }
    }

    @Test
    void aRefusalCountsThoughTheServerHangsUp() throws Exception {
        try (var server = new ScriptedServer(
                        PIPELINING + "C: MAIL FROM:...\nC: RCPT TO:...\nS: 550 5.7.1 go away\nS: (close)",
                        PLAIN + "C: MAIL FROM:...\nS: 250 ok\nC: RCPT TO:...\nS: 550 5.1.1 no\nS: (close)",
                        PLAIN + "C: MAIL FROM:...\nS: 250 ok\nC: RCPT TO:...\nS: 250 ok\nC: DATA\nS: 554 5.7.1 no\nS: (close)")) {
            for (var status : List.of("5.7.1", "5.1.1", "5.7.1")) {
                try (var client = connect(server, SmtpClient.TlsMode.NONE)) {
                    assertThat(send(client, "b@example.org")).extracting(SmtpReply::status).containsExactly(status);
                }
            }
            server.await();
        }
    }

    @Test
    void afterARefusalTheNextTransactionBeginsWithRset() throws Exception {
        try (var server = new ScriptedServer(PIPELINING + """
                C: MAIL FROM:...
                C: RCPT TO:<b@example.org>
                S: 550 not from you
                S: 503 no sender
                C: RSET
                S: 250 ok
                C: MAIL FROM:...
                C: RCPT TO:<c@example.org>
                S: 250 ok
                S: 250 ok
                C: DATA
                S: 354 go
                C: (message)
                S: 250 ok
                """);
                var client = connect(server, SmtpClient.TlsMode.NONE)) {
            assertThat(send(client, "b@example.org")).extracting(SmtpReply::code).containsExactly(550);
            assertThat(send(client, "c@example.org")).extracting(SmtpReply::code).containsExactly(250);
        }
    }

    /// Taken for the reply to the message, it would lose the message.
    @Test
    void aPositiveReplyInPlaceOf354IsNoDelivery() throws Exception {
        try (var server = new ScriptedServer(PLAIN + "C: MAIL ...\nS: 250 ok\nC: RCPT ...\nS: 250 ok\nC: DATA\nS: 250 ok\nS: (close)");
                var client = connect(server, SmtpClient.TlsMode.NONE)) {
            assertThatThrownBy(() -> send(client, "b@example.org")).isInstanceOf(IOException.class).hasMessageContaining("unexpected reply 250");
        }
    }

    @Test
    void anAddressCannotBringACommandWithIt() throws Exception {
        try (var server = new ScriptedServer(PLAIN);
                var client = connect(server, SmtpClient.TlsMode.NONE)) {
            assertThat(send(client, "b@example.org>\r\nRCPT TO:<c@example.org")).extracting(SmtpReply::code).containsExactly(553);
        }
    }

    @Test
    void aServerWithoutEhloGetsHelo() throws Exception {
        try (var server = new ScriptedServer("S: 220 old\nC: EHLO client.example\nS: 502 what?\nC: HELO client.example\nS: 250 hi\nC: QUIT")) {
            connect(server, SmtpClient.TlsMode.OPPORTUNISTIC).close();
            server.await();
        }
    }

    @Test
    void aGreetingThatRefusesIsTheAnswer() throws Exception {
        try (var server = new ScriptedServer("S: 554 5.7.1 Not you")) {
            assertThatThrownBy(() -> connect(server, SmtpClient.TlsMode.NONE))
                    .isInstanceOfSatisfying(SmtpReply.Refused.class, e -> assertThat(e.reply().status()).isEqualTo("5.7.1"));
        }
    }

    @Test
    void whatIsNoSmtpIsAFailureOfTheNetwork() throws Exception {
        try (var server = new ScriptedServer("S: HTTP/1.1 400 Bad Request\nS: (close)")) {
            assertThatThrownBy(() -> connect(server, SmtpClient.TlsMode.NONE)).isInstanceOf(IOException.class).hasMessageContaining("HTTP/1.1");
        }
    }

    @Test
    void startTlsIsUsedWhereOfferedAndWhatCameBeforeIsForgotten() throws Exception {
        try (var server = new ScriptedServer(certificate(), """
                S: 220 sink.example
                C: EHLO client.example
                S: 250-sink.example
                S: 250-SIZE 1
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                S: (tls)
                C: EHLO client.example
                S: 250 sink.example
                C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
                S: 235 ok
                C: MAIL FROM:<a@example.com>
                S: 550 no
                """);
                var client = connect(server, SmtpClient.TlsMode.OPPORTUNISTIC)) {
            assertThat(client.secure()).isTrue();
            assertThat(client.tlsVersion()).isEqualTo("TLSv1.3");
            client.login("alice", "secret");
            assertThat(send(client, "b@example.org")).extracting(SmtpReply::code).containsExactly(550);
        }
    }

    @Test
    void tlsFromTheFirstByte() throws Exception {
        try (var server = new ScriptedServer(certificate(), "S: (tls)\n" + PLAIN);
                var client = connect(server, SmtpClient.TlsMode.IMPLICIT)) {
            assertThat(client.secure()).isTrue();
        }
    }

    private static final String NO_TLS_TODAY = """
            S: 220 sink.example
            C: EHLO client.example
            S: 250-sink.example
            S: 250 STARTTLS
            C: STARTTLS
            S: 454 4.7.0 TLS not available
            """;

    /// RFC 7435 §3: opportunistic security must not be worse than none.
    @Test
    void aServerThatCannotStartTlsTodayGetsItsMailInClear() throws Exception {
        try (var server = new ScriptedServer(NO_TLS_TODAY + "C: MAIL FROM:...\nS: 550 no");
                var client = connect(server, SmtpClient.TlsMode.OPPORTUNISTIC)) {
            assertThat(client.secure()).isFalse();
            assertThat(send(client, "b@example.org")).extracting(SmtpReply::code).containsExactly(550);
        }
    }

    @Test
    void withoutTlsNothingGoesWhereItIsRequired() throws Exception {
        try (var server = new ScriptedServer(NO_TLS_TODAY, PLAIN)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> connect(server, SmtpClient.TlsMode.REQUIRED)).isInstanceOf(SmtpClient.NoTls.class).hasMessageContaining("STARTTLS");
            }
            server.await();
        }
    }

    @Test
    void aCertificateOfTheServersOwnMakingDoesNotVerify() throws Exception {
        var roots = javax.net.ssl.TrustManagerFactory.getInstance(javax.net.ssl.TrustManagerFactory.getDefaultAlgorithm());
        roots.init((java.security.KeyStore) null);
        var check = new org.pintail.certificate.PkixCheck("localhost", (javax.net.ssl.X509TrustManager) roots.getTrustManagers()[0]);
        var strict = new SmtpClient.Settings(
                "client.example", SmtpClient.TlsMode.REQUIRED, check, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        try (var smtp = new SmtpFixture(directory)) {
            assertThatThrownBy(() -> SmtpClient.connect(smtp.address(), "localhost", strict))
                    .isInstanceOf(javax.net.ssl.SSLException.class)
                    .satisfies(e -> assertThat(org.pintail.certificate.CertificateRefused.causeOf(e).orElseThrow().reason())
                            .isEqualTo(org.pintail.certificate.CertificateRefused.Reason.NOT_TRUSTED));
        }
    }

    @Test
    void clientAndServerUnderstandEachOther() throws Exception {
        try (var smtp = new SmtpFixture(directory);
                var client = SmtpClient.connect(smtp.address(), "localhost", settings(SmtpClient.TlsMode.REQUIRED, false))) {
            assertThat(send(client, "b@example.org", "nobody@example.org")).extracting(SmtpReply::code).containsExactly(250, 550);
            assertThat(send(client, "nobody@example.org")).extracting(SmtpReply::code).containsExactly(550);
            assertThat(send(client, "c@example.org")).extracting(SmtpReply::code).containsExactly(250);
            assertThat(smtp.last().protocol()).isEqualTo("ESMTPS");
            assertThat(smtp.last().body()).isEqualTo("Subject: x\r\n\r\n.dot\r\n");
        }
    }
}
