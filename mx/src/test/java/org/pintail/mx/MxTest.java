package org.pintail.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.dmarcrpt.CompressedReport;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Forwarder;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.ReceivedReports;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.srs.Srs;
import org.pintail.testkit.Wire;
import org.pintail.tlsrpt.TlsReport;

/// The MX for example.org with the accounts alice and bob; `forward@example.org` leads elsewhere.
class MxTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-02T12:00:00Z"), ZoneOffset.UTC);
    private static final Srs SRS = new Srs("a secret", "fwd.example.org");
    private static final String MESSAGE = "From: <sender@example.com>\r\nSubject: x\r\n\r\nhello\r\n";

    @TempDir
    Path directory = Path.of(".");

    private final List<Forwarded> forwarded = new CopyOnWriteArrayList<>();
    private MemoryStore store;
    private Mail mail;
    private Account alice;
    private Account bob;
    private Listener listener;
    private Forwarder forwarder;

    private record Forwarded(String sender, String recipient, List<String> targets, String message) {
        private Forwarded {
            targets = List.copyOf(targets);
        }
    }

    @BeforeEach
    void start() throws IOException {
        store = new MemoryStore(NOON);
        mail = new Mail(store, MailSettings.defaults("mx.example.org"), NOON);
        alice = mail.accounts().create(Accounts.New.of("alice", "", "alice@example.org"));
        bob = mail.accounts().create(Accounts.New.of("bob", "", "bob@example.org"));
        mail.addresses().addForwarded("forward@example.org", List.of("one@example.net", "two@example.net"), Document.of("forwards", 3L));
        forwarder = (message, sender, recipient, targets) -> forwarded.add(new Forwarded(sender, recipient, targets, text(message)));
        var settings = new MxSettings("mx.example.org", 2000, 10, 3);
        var policy = new MxPolicy(
                mail,
                settings,
                new MxPolicy.Parts(
                        (message, sender, recipient, targets) -> forwarder.forward(message, sender, recipient, targets),
                        MxAuthenticationTest.exempt(store),
                        SRS,
                        new ReceivedReports(store, MailAddress.parse("reports@example.org").orElseThrow(), NOON)));
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = Listener.open(
                new Listener.Settings("mx", anyPort, false, false, 10, 10),
                Tls.selfSigned(directory.resolve("tls"), List.of("localhost")),
                new SmtpServer(policy, SmtpLimits.DEFAULT, directory));
    }

    @AfterEach
    void stop() {
        listener.close();
        store.close();
    }

    private static String text(Source message) {
        try {
            return new String(message.readAll(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Wire greeted() throws IOException {
        var wire = Wire.connect(listener.address());
        wire.reply();
        wire.send("EHLO client.example").reply();
        return wire;
    }

    /// The reply to RCPT.
    private String rcpt(String recipient) throws IOException {
        try (var wire = greeted()) {
            wire.send("MAIL FROM:<sender@example.com>").reply();
            return wire.send("RCPT TO:<" + recipient + ">").line();
        }
    }

    /// All recipients are taken.
    private static Wire envelope(Wire wire, String... recipients) throws IOException {
        wire.send("MAIL FROM:<sender@example.com>").reply();
        for (var recipient : recipients) {
            assertThat(wire.send("RCPT TO:<" + recipient + ">").line()).isEqualTo("250 2.1.5 Recipient OK");
        }
        return wire;
    }

    /// The reply to the message.
    private String deliver(String message, String... recipients) throws IOException {
        try (var wire = envelope(greeted(), recipients)) {
            wire.send("DATA").reply();
            return wire.raw(message).send(".").line();
        }
    }

    private List<String> inbox(Account account) {
        var inbox = mail.folders().find(account.id(), "INBOX").orElseThrow();
        var found = new ArrayList<String>();
        for (var row : mail.mailstore().messages().rows(inbox.id())) {
            found.add(text(mail.mailstore().messages().open(row)));
        }
        return found;
    }

    @Test
    void traceFieldsAreWrittenOnceAndTheRestIsAsItCame() throws IOException {
        assertThat(deliver(MESSAGE, "Alice+label@Example.ORG")).startsWith("250 2.0.0 Message processed (");
        assertThat(inbox(alice)).singleElement().asString().matches("""
                Delivered-To: Alice\\+label@example.org\r
                Return-Path: <sender@example.com>\r
                Received: from client.example \\(\\[127\\.0\\.0\\.1]\\)\r
                 by mx.example.org \\(Pintail\\) with ESMTP id [a-z2-7]{16}\\.[0-9a-z]{1,4}\r
                 for <Alice\\+label@example.org>;\r
                 Mon, 2 Nov 2026 12:00:00 \\+0000\r
                """ + MESSAGE.replace("\r\n", "\\r\\n"));
    }

    @Test
    void underTlsTheTraceSaysSo() throws IOException {
        try (var wire = greeted()) {
            wire.play("C: STARTTLS\nS: 220 ...").startTls();
            wire.send("EHLO client.example").reply();
            envelope(wire, "alice@example.org").send("DATA").reply();
            wire.raw(MESSAGE).play("C: .\nS: 250 ...");
        }
        assertThat(inbox(alice).getFirst()).contains("with ESMTPS id ", "(version=TLSv1.3 cipher=TLS_");
    }

    @Test
    void everyRecipientHasItsOwnCopyAndSeesNoOther() throws IOException {
        assertThat(deliver(MESSAGE, "alice@example.org", "bob@example.org", "alice+again@example.org")).startsWith("250 ");
        assertThat(inbox(alice)).singleElement().asString().startsWith("Delivered-To: alice+again@example.org\r\n").doesNotContain("bob");
        assertThat(inbox(bob)).singleElement().asString().startsWith("Delivered-To: bob@example.org\r\n").doesNotContain("alice");
    }

    @Test
    void theNullSenderIsKept() throws IOException {
        try (var wire = greeted()) {
            wire.send("MAIL FROM:<>", "RCPT TO:<alice@example.org>", "DATA").codes(3);
            wire.raw(MESSAGE).play("C: .\nS: 250 ...");
        }
        assertThat(inbox(alice).getFirst()).contains("\r\nReturn-Path: <>\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody@example.org", "alice@example.com", "*@example.org", "postmaster"})
    void unknownRecipientsAreRefused(String recipient) throws IOException {
        assertThat(rcpt(recipient)).isEqualTo("550 5.1.1 No such user");
    }

    @Test
    void wildcardsAndAliasesLeadToAccounts() throws IOException {
        mail.addresses().add(alice.id(), "*@wild.example", Document.EMPTY);
        mail.addresses().addDomainAlias("alias.example", "example.org");
        assertThat(deliver(MESSAGE, "anything@wild.example", "b.o.b@alias.example")).startsWith("250 ");
        assertThat(inbox(alice)).hasSize(1);
        assertThat(inbox(bob)).hasSize(1);
    }

    /// RFC 5321 §4.5.1
    @Test
    void postmasterAloneIsTheOneOfThisHost() throws IOException {
        mail.addresses().add(alice.id(), "postmaster@mx.example.org", Document.EMPTY);
        assertThat(deliver(MESSAGE, "Postmaster")).startsWith("250 ");
        assertThat(inbox(alice)).hasSize(1);
    }

    @Test
    void aFullMailboxIsRefusedAtRcpt() throws IOException {
        mail.accounts().update(alice.id(), Document.of("quota", 1L));
        assertThat(deliver(MESSAGE, "alice@example.org")).startsWith("250 "); // it was empty
        assertThat(rcpt("alice@example.org")).isEqualTo("552 5.2.2 Mailbox full");
    }

    /// A message that one cannot have is given to none: the one reply is true for all.
    @Test
    void aMailboxThatFillsUpMeanwhileRefusesTheMessageForAll() throws IOException {
        mail.accounts().update(alice.id(), Document.of("quota", 1L));
        try (var wire = envelope(greeted(), "bob@example.org", "alice@example.org", "forward@example.org")) {
            assertThat(deliver(MESSAGE, "alice@example.org")).startsWith("250 ");
            wire.send("DATA").reply();
            wire.raw(MESSAGE).play("C: .\nS: 552 5.2.2 Mailbox full");
        }
        assertThat(inbox(bob)).isEmpty();
        assertThat(forwarded).isEmpty();
    }

    @Test
    void aDisabledAccountIsRefused() throws IOException {
        mail.accounts().update(alice.id(), Document.of("disabled", true));
        assertThat(rcpt("alice@example.org")).isEqualTo("550 5.2.1 Mailbox disabled");
    }

    @Test
    void anAccountThatReceivesTooFastIsAskedToBeTriedLater() throws IOException {
        mail.accounts().update(alice.id(), Document.of("receivedMax", 1L));
        assertThat(deliver(MESSAGE, "alice@example.org")).startsWith("250 ");
        assertThat(rcpt("alice@example.org")).startsWith("450 4.2.1 ");
        assertThat(rcpt("bob@example.org")).startsWith("250 ");
    }

    @Test
    void whatIsTooLargeIsRefusedEarlyAndLate() throws IOException {
        try (var wire = greeted()) {
            wire.play("C: MAIL FROM:<sender@example.com> SIZE=2001\nS: 552 5.3.4 Message larger than 2000 bytes");
        }
        assertThat(deliver("x".repeat(2000) + "\r\n", "alice@example.org")).isEqualTo("552 5.3.4 Message larger than 2000 bytes");
        assertThat(inbox(alice)).isEmpty();
    }

    @Test
    void aMessageThatWentAroundTooOftenIsRefused() throws IOException {
        assertThat(deliver("Received: a\r\n".repeat(3) + MESSAGE, "alice@example.org")).startsWith("250 ");
        assertThat(deliver("Received: a\r\n".repeat(4) + MESSAGE, "alice@example.org")).startsWith("554 5.4.6 Too many Received fields");
        assertThat(deliver(MESSAGE + "Received: in the body\r\n".repeat(9), "alice@example.org")).startsWith("250 ");
        assertThat(inbox(alice)).hasSize(2);
    }

    @Test
    void aForwardedAddressGoesOnToAllItsTargets() throws IOException {
        assertThat(deliver(MESSAGE, "alice@example.org", "forward@example.org")).startsWith("250 ");
        assertThat(inbox(alice)).hasSize(1);
        assertThat(forwarded).hasSize(1);
        assertThat(forwarded.getFirst().sender()).isEqualTo("sender@example.com");
        assertThat(forwarded.getFirst().recipient()).isEqualTo("forward@example.org");
        assertThat(forwarded.getFirst().targets()).containsExactly("one@example.net", "two@example.net");
        assertThat(forwarded.getFirst().message()).startsWith("Received: from client.example ").endsWith(MESSAGE);
    }

    @Test
    void aForwardThatCannotBeQueuedFailsTheMessageForAll() throws IOException {
        forwarder = (_, _, _, _) -> {
            throw new Refusal(Refusal.Code.TEMPORARY, "The queue cannot take this message now");
        };
        assertThat(deliver(MESSAGE, "alice@example.org", "forward@example.org")).startsWith("452 4.3.1 ");
        assertThat(inbox(alice)).isEmpty();
    }

    @Test
    void anAddressForwardsItsShareAndNoMore() throws IOException {
        assertThat(deliver(MESSAGE, "forward@example.org")).startsWith("250 ");
        assertThat(deliver(MESSAGE, "forward@example.org")).startsWith("250 "); // two of three: one more goes, and with it its second target
        assertThat(rcpt("forward@example.org")).startsWith("450 4.2.1 ");
    }

    @Test
    void aForwardTurnedOffIsRefused() throws IOException {
        mail.addresses().addForwarded("off@example.org", List.of("else@example.net"), Document.of("forwardedDisabled", true));
        assertThat(rcpt("off@example.org")).isEqualTo("550 5.2.1 Mailbox disabled");
    }

    @Test
    void nobodyLogsInHereNorRelays() throws IOException {
        try (var wire = greeted()) {
            wire.play("""
                    C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
                    S: 503 5.5.1 AUTH is not offered here
                    C: MAIL FROM:<alice@example.org>
                    S: 250 ...
                    C: RCPT TO:<somebody@example.net>
                    S: 550 5.1.1 No such user
                    """);
        }
    }

    @Test
    void aBounceToARewrittenSenderGoesBackToIt() throws IOException {
        var rewritten = SRS.rewrite("Sender@example.com", NOON.instant());
        assertThat(rcpt(rewritten.replace("=example.com=", "=example.net="))).isEqualTo("550 5.1.1 No such user");
        assertThat(rcpt(rewritten.replace("fwd.example.org", "example.org"))).isEqualTo("550 5.1.1 No such user");
        assertThat(rcpt(SRS.rewrite("sender@example.com", NOON.instant().minusSeconds(22 * 86_400)))).isEqualTo("550 5.1.1 No such user");
        assertThat(deliver(MESSAGE, rewritten)).startsWith("250 2.0.0 ");
        assertThat(forwarded).singleElement().satisfies(f -> {
            assertThat(f.targets()).containsExactly("Sender@example.com");
            assertThat(f.recipient()).isEqualTo(rewritten);
        });
        mail.store().counters().add("rl:rcpt:Sender@example.com", 60, Long.MAX_VALUE, java.time.Duration.ofHours(1));
        assertThat(rcpt(rewritten)).startsWith("450 4.2.1 ");
    }

    private static String report(byte[] content, String type) {
        return "From: <r@example.com>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nA report.\r\n--b\r\nContent-Type: " + type
                + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + java.util.Base64.getMimeEncoder().encodeToString(content) + "\r\n--b--\r\n";
    }

    @Test
    void theAddressForReportsTakesNothingElse() throws IOException {
        assertThat(deliver(MESSAGE, "reports@example.org")).startsWith("550 5.6.0 This address takes DMARC and TLS reports only");
        assertThat(deliver(report(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "application/gzip"), "reports@example.org")).startsWith("550 5.6.0 ");
        var bomb = CompressedReport.gzip(new byte[CompressedReport.MAX_SIZE + 1]);
        assertThat(bomb.length).isLessThan(20_000);
        assertThat(ReceivedReports.list(store, null, 10)).isEmpty();
        var small = java.util.Arrays.copyOf(bomb, 1000); // what the size limit of this MX lets through
        assertThat(deliver(report(small, "application/gzip"), "Reports@example.org")).startsWith("550 5.6.0 ");
    }

    @Test
    void reportsAreReadAndKeptOnce() throws IOException {
        var published = new DmarcReport.Published("example.org", "r", "r", "none", "none", 100);
        var row = new DmarcReport.Row("192.0.2.1", 7, "none", "fail", "fail", "", "example.org", "", List.of(), List.of());
        var dmarc = new DmarcReport("Other", "r@example.com", "1", NOON.instant(), NOON.instant(), published, List.of(row));
        var policy = new TlsReport.Policy("sts", List.of(), "example.org", List.of());
        var tls = new TlsReport("Other", NOON.instant(), NOON.instant(), "", "2", List.of(new TlsReport.Result(policy, 5, 0, List.of())));
        assertThat(deliver(report(CompressedReport.gzip(dmarc.xml()), "application/gzip"), "reports@example.org")).startsWith("250 ");
        assertThat(deliver(report(CompressedReport.gzip(tls.json()), "application/tlsrpt+gzip"), "reports@example.org")).startsWith("250 ");
        assertThat(deliver(report(CompressedReport.gzip(tls.json()), "application/tlsrpt+gzip"), "reports@example.org")).startsWith("250 ");
        assertThat(ReceivedReports.list(store, null, 10))
                .extracting(d -> d.string("kind", "") + " " + d.string("domain", "") + " " + d.number("good") + "/" + d.number("failed") + " " + d.bool("confirmed"))
                .containsExactlyInAnyOrder("dmarc example.org 0/7 false", "tls example.org 5/0 false");
    }
}
