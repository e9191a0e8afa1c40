package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.testkit.Wire;

/// Submission, RFC 6409: what a logged-in account may send, and what of it reaches the queue. Nothing is dispatched here.
class SubmissionTest {
    private static final String MESSAGE = """
            From: Alice <alice@example.org>\r
            To: carol@example.net\r
            Subject: x\r
            Date: Mon, 2 Nov 2026 08:00:00 +0000\r
            Message-ID: <1@client.example>\r
            \r
            hello\r
            """;

    @TempDir
    Path directory = Path.of(".");

    private MtaFixture mta;

    @BeforeEach
    void start() {
        mta = new MtaFixture(null, 25);
    }

    @AfterEach
    void stop() {
        mta.close();
    }

    private static String transaction(Wire wire, String sender, String message, String... recipients) throws IOException {
        wire.send("MAIL FROM:<" + sender + ">");
        for (var recipient : recipients) {
            wire.send("RCPT TO:<" + recipient + ">");
        }
        wire.send("DATA").codes(recipients.length + 2);
        return wire.raw(message).send(".").line();
    }

    private String submit(String sender, String message, String... recipients) throws IOException {
        try (var wire = mta.submission(directory)) {
            return transaction(wire, sender, message, recipients);
        }
    }

    private String queued() {
        return MtaFixture.text(mta.queue().body(mta.rows().getLast().id()).orElseThrow());
    }

    private String queuedSender() {
        return mta.queue().message(mta.rows().getLast().id()).orElseThrow().sender();
    }

    @Test
    void aMessageIsInTheQueueBeforeItIsAcknowledged() throws IOException {
        var reply = submit("alice@example.org", MESSAGE, "carol@example.net", "dave@Example.COM", "carol@example.net");
        var rows = mta.rows();
        assertThat(reply).isEqualTo("250 2.0.0 Message queued as " + rows.getFirst().id());
        assertThat(rows).extracting(r -> r.seq() + " " + r.recipient() + " " + r.domain())
                .containsExactly("001 carol@example.net example.net", "002 dave@example.com example.com");
        assertThat(rows).allMatch(r -> r.due().equals(mta.clock().instant()) && r.attempts() == 0);
        assertThat(queued()).matches("(?s)"
                + "Received: from client\\.example \\(\\[127\\.0\\.0\\.1]\\)\r\n by mail\\.example\\.org \\(Pintail\\) with ESMTPA id [^\r]+;\r\n"
                + " Sun, 1 Mar 2026 12:00:00 \\+0000\r\n\\Q" + MESSAGE + "\\E");
    }

    @Test
    void nobodySendsWithoutLogin() throws IOException {
        try (var wire = mta.stranger(directory)) {
            wire.play("S: 220 ...\nC: EHLO client.example");
            assertThat(wire.reply()).contains("250 AUTH PLAIN LOGIN PLAIN-CLIENTTOKEN SCRAM-SHA-256 SCRAM-SHA-1");
            wire.play("""
                    C: MAIL FROM:<alice@example.org>
                    S: 530 5.7.0 Authentication required
                    C: AUTH PLAIN AGFsaWNlAHdyb25n
                    S: 535 5.7.8 Authentication failed
                    C: MAIL FROM:<alice@example.org>
                    S: 530 5.7.0 Authentication required
                    """);
        }
    }

    @Test
    void anAccountWithoutTheScopeCannotLogIn() throws IOException {
        mta.mail().accounts().update(mta.alice().id(), Document.of("disabledScopes", List.of("smtp")));
        try (var wire = mta.stranger(directory)) {
            wire.reply();
            wire.send("EHLO client.example").reply();
            wire.play("C: AUTH PLAIN AGFsaWNlAHNlY3JldA==\nS: 535 5.7.8 Access to requested service disabled");
        }
    }

    @Test
    void anAccountDisabledMeanwhileSendsNoMore() throws IOException {
        try (var wire = mta.submission(directory)) {
            mta.mail().accounts().update(mta.alice().id(), Document.of("suspended", true));
            wire.play("C: MAIL FROM:<alice@example.org>\nS: 550 5.7.1 User \"alice\" is currently disabled");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.org, alice@example.org",
        "Alice+label@example.org, Alice+label@example.org",
        "any@wild.example, any@wild.example",
        "bob@example.org, alice@example.org",
        "ceo@bank.example, alice@example.org",
        "'', alice@example.org"
    })
    void theEnvelopeSenderIsAnAddressOfTheAccount(String sender, String queued) throws IOException {
        mta.mail().addresses().add(mta.alice().id(), "*@wild.example", Document.EMPTY);
        submit(sender, MESSAGE, "carol@example.net");
        assertThat(queuedSender()).isEqualTo(queued);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Alice <alice@example.org>               | Alice <alice@example.org>
            a.l.i.c.e+x@example.org                 | a.l.i.c.e+x@example.org
            Boss <ceo@bank.example>                 | "Boss" <alice@example.org>
            bob@example.org                         | <alice@example.org>
            alice@example.org, ceo@bank.example     | <alice@example.org>
            undisclosed:;                           | <alice@example.org>
            """)
    void fromNamesNobodyElse(String from, String expected) throws IOException {
        submit("alice@example.org", MESSAGE.replace("Alice <alice@example.org>", from), "carol@example.net");
        assertThat(queued()).contains("\r\nFrom: " + expected + "\r\n").endsWith("\r\n\r\nhello\r\n");
        assertThat(queued().contains("X-WildDuck-Original-From: " + from)).isEqualTo(!from.equals(expected));
    }

    @Test
    void aSecondFromFieldIsNoWayAround() throws IOException {
        submit("alice@example.org", "From: alice@example.org\r\nFrom: ceo@bank.example\r\n\r\n", "carol@example.net");
        assertThat(queued()).containsOnlyOnce("\r\nFrom: <alice@example.org>\r\n").doesNotContain("\r\nFrom: ceo@");
    }

    @Test
    void theHeaderIsCompletedAndBlindCopiesAreTakenOut() throws IOException {
        submit("alice@example.org", "Subject: x\r\nBcc: dave@example.com\r\n\r\nhello\r\n", "carol@example.net", "dave@example.com");
        assertThat(queued())
                .contains("\r\nFrom: <alice@example.org>\r\n", "\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\n", "\r\nMessage-ID: <")
                .doesNotContain("dave");
        assertThat(mta.rows()).hasSize(2);
    }

    @Test
    void aCopyIsKeptInSentWhereTheAccountWantsIt() throws IOException {
        submit("alice@example.org", MESSAGE, "carol@example.net");
        assertThat(mta.messages(mta.alice(), "\\Sent")).isEmpty();
        mta.mail().accounts().update(mta.alice().id(), Document.of("uploadSentMessages", true));
        submit("alice@example.org", MESSAGE, "carol@example.net");
        assertThat(mta.messages(mta.alice(), "\\Sent")).containsExactly(queued());
        var sent = mta.mail().folders().findSpecial(mta.alice().id(), "\\Sent").orElseThrow();
        assertThat(mta.mail().mailstore().messages().rows(sent.id())).allMatch(r -> r.flags().has(Flags.SEEN));
    }

    @Test
    void aCopyTheClientSavedItselfIsNotKeptTwice() throws IOException {
        mta.mail().accounts().update(mta.alice().id(), Document.of("uploadSentMessages", true));
        submit("alice@example.org", MESSAGE, "carol@example.net");
        submit("alice@example.org", MESSAGE, "carol@example.net");
        assertThat(mta.messages(mta.alice(), "\\Sent")).hasSize(1);
        assertThat(mta.rows()).hasSize(2);
    }

    @Test
    void aFullMailboxCostsTheCopyAndNotTheMessage() throws IOException {
        mta.mail().accounts().update(mta.alice().id(), Document.of("uploadSentMessages", true, "quota", 1L));
        submit("alice@example.org", MESSAGE, "carol@example.net");
        assertThat(submit("alice@example.org", MESSAGE.replace("<1@", "<2@"), "carol@example.net")).startsWith("250 ");
        assertThat(mta.messages(mta.alice(), "\\Sent")).hasSize(1);
        assertThat(mta.rows()).hasSize(2);
    }

    @Test
    void theDailyLimitCountsRecipients() throws IOException {
        mta.mail().accounts().update(mta.alice().id(), Document.of("recipients", 3L));
        try (var wire = mta.submission(directory)) {
            assertThat(transaction(wire, "alice@example.org", MESSAGE, "a@example.net", "b@example.net")).startsWith("250 ");
            wire.send("MAIL FROM:<alice@example.org>", "RCPT TO:<c@example.net>").codes(2);
            wire.play("C: RCPT TO:<d@example.net>\nS: 550 5.7.1 You reached a daily sending limit for your account. Limit expires in 1440 minutes");
        }
    }

    @Test
    void sizeAndNumberOfRecipientsHaveLimits() throws IOException {
        assertThat(submit("alice@example.org", MESSAGE + "x".repeat(2000) + "\r\n", "carol@example.net")).startsWith("552 5.3.4 ");
        try (var wire = mta.submission(directory)) {
            wire.send("MAIL FROM:<alice@example.org>");
            for (int i = 0; i < 6; i++) {
                wire.send("RCPT TO:<c" + i + "@example.net>");
            }
            assertThat(wire.codes(7)).containsExactly(250, 250, 250, 250, 250, 250, 452);
        }
        assertThat(mta.rows()).isEmpty();
    }
}
