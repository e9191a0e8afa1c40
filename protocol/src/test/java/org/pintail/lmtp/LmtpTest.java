package org.pintail.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.backend.Document;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.net.Loopback;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.testkit.Wire;

/// LMTP into accounts: alice has room, bob has none left.
class LmtpTest {
    @TempDir
    Path directory = Path.of(".");

    private MemoryStore store;
    private Mail mail;
    private Account alice;
    private Account bob;
    private Loopback loopback;
    private final List<String> forwarded = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        store = new MemoryStore(Clock.systemUTC());
        mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
        alice = mail.accounts().create(Accounts.New.of("alice", "", "alice@example.org"));
        bob = mail.accounts().create(Accounts.New.of("bob", "", "bob@example.org"));
        loopback = new Loopback(directory, new SmtpServer(new LmtpPolicy(mail, 1000, (_, _, _, targets) -> forwarded.addAll(targets)), SmtpLimits.DEFAULT, directory));
    }

    @AfterEach
    void stop() {
        loopback.close();
        store.close();
    }

    private Wire greeted() throws IOException {
        var wire = loopback.connect();
        wire.reply();
        wire.send("LHLO client.example").reply();
        return wire;
    }

    /// Of a message to these recipients, the replies after the lone dot.
    private List<String> deliver(String message, int replies, String... recipients) throws IOException {
        try (var wire = greeted()) {
            wire.send("MAIL FROM:<sender@example.com>");
            for (var recipient : recipients) {
                wire.send("RCPT TO:<" + recipient + ">");
            }
            wire.send("DATA").codes(recipients.length + 2);
            wire.send(message, ".", "NOOP");
            var lines = new java.util.ArrayList<String>();
            for (int i = 0; i < replies; i++) {
                lines.add(wire.line());
            }
            assertThat(wire.line()).isEqualTo("250 2.0.0 OK");
            return lines;
        }
    }

    private List<String> inbox(Account account) throws IOException {
        var inbox = mail.folders().find(account.id(), "INBOX").orElseThrow();
        var messages = new java.util.ArrayList<String>();
        for (var row : mail.mailstore().messages().rows(inbox.id())) {
            messages.add(new String(mail.mailstore().messages().open(row).readAll(), StandardCharsets.ISO_8859_1));
        }
        return messages;
    }

    @Test
    void itIsNotSmtp() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("""
                    S: 220 mail.example.org LMTP Pintail
                    C: EHLO client.example
                    S: 500 5.5.1 This is LMTP, use LHLO
                    C: LHLO client.example
                    S: 250-mail.example.org greets 127.0.0.1
                    S: 250-PIPELINING
                    """);
        }
    }

    /// RFC 2033 §4.2
    @Test
    void everyAcceptedRecipientHasItsOwnReply() throws IOException {
        fill(bob);
        assertThat(deliver("Subject: x\r\n\r\nhello", 2, "alice@example.org", "nobody@example.org", "bob@example.org"))
                .satisfiesExactly(
                        first -> assertThat(first).matches("250 2\\.0\\.0 Message stored as [0-9a-f]{24}"),
                        second -> assertThat(second).isEqualTo("552 5.2.2 Mailbox full"));
        assertThat(inbox(alice))
                .containsExactly("Delivered-To: alice@example.org\r\nReturn-Path: <sender@example.com>\r\nSubject: x\r\n\r\nhello\r\n");
    }

    @Test
    void whatAnAccountForwardsGoesOn() throws IOException {
        mail.accounts().update(alice.id(), Document.of("targets", List.of(Document.of("value", "away@example.net"))));
        deliver("Subject: x\r\n\r\nhello", 1, "alice@example.org");
        assertThat(forwarded).containsExactly("away@example.net");
        assertThat(inbox(alice)).hasSize(1);
    }

    private void fill(Account account) throws IOException {
        mail.accounts().update(account.id(), Document.of("quota", 10L));
        deliver("Subject: more than ten bytes", 1, account.address());
    }

    @Test
    void twoAddressesOfOneAccountAreOneDeliveryWithTwoReplies() throws IOException {
        var replies = deliver("Subject: x", 2, "alice@example.org", "alice+label@example.org");
        assertThat(replies).allMatch(r -> r.startsWith("250 ")).allMatch(replies.getFirst()::equals);
        assertThat(inbox(alice)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody@example.org", "anything@wild.example", "forward@example.org"})
    void onlyAddressesOfAccountsAreKnown(String recipient) throws IOException {
        mail.addresses().add(alice.id(), "*@wild.example", Document.EMPTY);
        mail.addresses().addForwarded("forward@example.org", List.of("else@example.com"), Document.EMPTY);
        try (var wire = greeted()) {
            wire.send("MAIL FROM:<>", "RCPT TO:<" + recipient + ">").play("S: 250 ...\nS: 550 5.1.1 Unknown recipient");
        }
    }

    @Test
    void aliasesOfADomainAreKnown() throws IOException {
        mail.addresses().addDomainAlias("alias.example", "example.org");
        assertThat(deliver("Subject: x", 1, "a.lice@alias.example")).allMatch(r -> r.startsWith("250 "));
        assertThat(inbox(alice)).hasSize(1);
    }

    @Test
    void whatIsTooLargeOrHasBareBreaksIsRefusedForEveryRecipient() throws IOException {
        assertThat(deliver("x".repeat(2000), 2, "alice@example.org", "bob@example.org"))
                .containsExactly("552 5.3.4 Message larger than 1000 bytes", "552 5.3.4 Message larger than 1000 bytes");
        assertThat(deliver("a\nb", 2, "alice@example.org", "bob@example.org")).allMatch(r -> r.startsWith("550 5.6.0 "));
        assertThat(inbox(alice)).isEmpty();
    }
}
