package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.backend.Document;
import org.pintail.backend.QueueRow;
import org.pintail.mime.MimeParser;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpReply;
import org.pintail.testkit.ScriptedServer;

/// What becomes of queued mail.
class DispatcherTest {
    private static final String MESSAGE = """
            From: <alice@example.org>\r
            Date: Mon, 2 Nov 2026 08:00:00 +0000\r
            Message-ID: <1@client.example>\r
            Subject: x\r
            \r
            .hello\r
            """;
    private static final String GREETING = """
            S: 220 sink.example
            C: EHLO mail.example.org
            S: 250 sink.example
            """;
    private static final String TAKEN = """
            C: MAIL FROM:<alice@example.org>
            S: 250 ok
            C: RCPT TO:<carol@example.net>
            S: 250 ok
            C: DATA
            S: 354 go
            C: (message)
            S: 250 2.0.0 taken
            """;

    private static String refused(String reply) {
        return GREETING + """
                C: MAIL FROM:<alice@example.org>
                S: 250 ok
                C: RCPT TO:<carol@example.net>
                S:\s""" + reply;
    }

    @Test
    void aMessageGoesToTheRouteAndLeavesTheQueue() throws Exception {
        try (var sink = new ScriptedServer(GREETING + TAKEN);
                var mta = new MtaFixture(sink.address())) {
            mta.dispatch();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            assertThat(sink.await().messages()).containsExactly(MESSAGE.replace("\r\n.", "\r\n.."));
            mta.awaitEmptyQueue();
        }
    }

    @Test
    void aConnectionIsUsedForTheNextMessage() throws Exception {
        try (var sink = new ScriptedServer(GREETING + TAKEN + TAKEN);
                var mta = new MtaFixture(sink.address())) {
            mta.dispatch();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.awaitEmptyQueue();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.awaitEmptyQueue();
            assertThat(sink.await().messages()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"S: (close)", "S: 421 4.4.2 idle too long\nS: (close)", "C: MAIL FROM:...\nS: 421 4.3.2 enough for today\nS: (close)"})
    void aConnectionTheServerHadEnoughOfIsReplaced(String end) throws Exception {
        try (var sink = new ScriptedServer(GREETING + TAKEN + end, GREETING + TAKEN);
                var mta = new MtaFixture(sink.address())) {
            mta.dispatch();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.awaitEmptyQueue();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.awaitEmptyQueue();
            assertThat(sink.await().messages()).hasSize(2);
        }
    }

    @Test
    void aTemporaryRefusalIsTriedAgainBySchedule() throws Exception {
        try (var sink = new ScriptedServer(refused("450 4.2.1 later"), refused("451 not yet"), GREETING + TAKEN);
                var mta = new MtaFixture(sink.address())) {
            var start = mta.clock().instant();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatch();
            awaitAttempts(mta, 1);
            var row = mta.rows().getFirst();
            assertThat(row.due()).isEqualTo(start.plus(Duration.ofMinutes(5)));
            assertThat(row.lastResponse()).isEqualTo("450 4.2.1 later");
            assertThat(row.firstDeferred()).isEqualTo(start);
            assertThat(mta.queue().claim(Outbox.ZONE, row.due().minusSeconds(1), Duration.ofMinutes(1), Set.of(), 9)).isEmpty();
            mta.pass(Duration.ofMinutes(5));
            awaitAttempts(mta, 2);
            assertThat(mta.rows().getFirst().due()).isEqualTo(start.plus(Duration.ofMinutes(65)));
            mta.pass(Duration.ofHours(1));
            sink.await();
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).isEmpty();
        }
    }

    /// A node that was stopped while it delivered, for longer than its lease.
    @Test
    void aMessageThatAnotherTookMeanwhileIsNotHandedOver() throws Exception {
        var upToData = TAKEN.substring(0, TAKEN.indexOf("C: (message)"));
        try (var sink = new ScriptedServer(GREETING + upToData);
                var mta = new MtaFixture(null, sink.address().getPort())) {
            var others = new ArrayList<QueueRow>();
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatchOneByOne(_ -> {
                mta.clock().advance(Lease.LENGTH);
                others.addAll(mta.queue().claim(Outbox.ZONE, mta.clock().instant(), Lease.LENGTH, Set.of(), 9));
                return List.of(new MxResolver.Host("mx.example.net", List.of(InetAddress.getLoopbackAddress())));
            });
            sink.await();
            MtaFixture.await("the row was taken", () -> !others.isEmpty());
            mta.awaitIdle();
            assertThat(sink.messages()).isEmpty();
            assertThat(mta.rows()).isEqualTo(others);
        }
    }

    @Test
    void aDeliveryThatTookLongGoesOnWhenNobodyTookIt() throws Exception {
        try (var sink = new ScriptedServer(GREETING + TAKEN);
                var mta = new MtaFixture(null, sink.address().getPort())) {
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatchOneByOne(_ -> {
                mta.clock().advance(Lease.LENGTH.multipliedBy(2));
                return List.of(new MxResolver.Host("mx.example.net", List.of(InetAddress.getLoopbackAddress())));
            });
            assertThat(sink.await().messages()).hasSize(1);
            mta.awaitEmptyQueue();
        }
    }

    private static void awaitAttempts(MtaFixture mta, int attempts) {
        MtaFixture.await(attempts + " attempts", () -> mta.rows().getFirst().attempts() == attempts);
    }

    @Test
    void afterTheLastAttemptTheSenderIsTold() throws Exception {
        try (var sink = new ScriptedServer(refused("450 4.2.1 later"), refused("450 4.2.1 later"), refused("450 4.2.1 still not"));
                var mta = new MtaFixture(sink.address())) {
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatch();
            awaitAttempts(mta, 1);
            mta.pass(Duration.ofMinutes(5));
            awaitAttempts(mta, 2);
            mta.pass(Duration.ofHours(1));
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Diagnostic-Code: smtp; 450 4.2.1 still not\r\n", "Status: 5.2.1\r\n");
        }
    }

    /// RFC 3464, RFC 6522
    @Test
    void aPermanentRefusalIsReportedToTheSender() throws Exception {
        try (var sink = new ScriptedServer(refused("550-5.1.1 no such\nS: 550 5.1.1 user"));
                var mta = new MtaFixture(sink.address())) {
            var id = mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatch();
            mta.awaitEmptyQueue();
            var report = mta.inbox(mta.alice()).getFirst();
            assertThat(report).startsWith("Delivered-To: alice@example.org\r\nReturn-Path: <>\r\nFrom: \"Mail Delivery Subsystem\" <mailer-daemon@mail.example.org>\r\n");
            assertThat(report)
                    .contains("\r\nTo: <alice@example.org>\r\n", "\r\nAuto-Submitted: auto-replied\r\n", "\r\nIn-Reply-To: <1@client.example>\r\n")
                    .contains("\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\n");
            var parts = parts(report);
            assertThat(parts).extracting(p -> p.type() + "/" + p.subtype()).containsExactly("text/plain", "message/delivery-status", "text/rfc822-headers");
            assertThat(content(report, parts.get(0))).contains("carol@example.net", "550 5.1.1 no such user");
            assertThat(content(report, parts.get(1))).isEqualTo("""
                    Reporting-MTA: dns; mail.example.org\r
                    X-Pintail-Queue-ID: %s\r
                    Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000\r
                    \r
                    Final-Recipient: rfc822; carol@example.net\r
                    Action: failed\r
                    Status: 5.1.1\r
                    Diagnostic-Code: smtp; 550 5.1.1 no such user\r
                    Last-Attempt-Date: Sun, 1 Mar 2026 12:00:00 +0000\r
                    """.formatted(id));
            assertThat(content(report, parts.get(2))).contains("Subject: x\r\n").doesNotContain("hello");
        }
    }

    private static List<MimePart> parts(String report) throws IOException {
        return MimeParser.parse(Source.of(report.getBytes(StandardCharsets.ISO_8859_1))).root().children();
    }

    private static String content(String report, MimePart part) {
        return report.substring((int) part.bodyStart(), (int) part.bodyEnd());
    }

    @Test
    void eachRecipientIsSettledForItself() throws Exception {
        try (var sink = new ScriptedServer(GREETING + """
                C: MAIL FROM:<alice@example.org>
                S: 250 ok
                C: RCPT TO:<carol@example.net>
                S: 250 ok
                C: RCPT TO:<nobody@example.net>
                S: 550 5.1.1 no such user
                C: RCPT TO:<later@example.net>
                S: 450 4.2.1 later
                C: DATA
                S: 354 go
                C: (message)
                S: 250 taken
                """);
                var mta = new MtaFixture(sink.address())) {
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net", "nobody@example.net", "later@example.net");
            mta.dispatch();
            MtaFixture.await("one recipient is left", () -> mta.rows().size() == 1 && mta.rows().getFirst().attempts() == 1);
            assertThat(mta.rows().getFirst().recipient()).isEqualTo("later@example.net");
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Final-Recipient: rfc822; nobody@example.net\r\n");
        }
    }

    @Test
    void nobodyIsToldAboutMailFromNobody() throws Exception {
        try (var sink = new ScriptedServer(GREETING + "C: MAIL FROM:<>\nS: 550 5.7.1 no");
                var mta = new MtaFixture(sink.address())) {
            mta.enqueue("", MESSAGE, "carol@example.net");
            mta.dispatch();
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).isEmpty();
        }
    }

    /// RFC 3834 §2, RFC 3464: no report about a report.
    @Test
    void automaticMailIsNotReportedAbout() throws Exception {
        for (var field : List.of("Auto-Submitted: auto-replied\r\n", "Content-Type: multipart/report; boundary=x\r\n", "X-Auto-Response-Suppress: All\r\n")) {
            try (var sink = new ScriptedServer(refused("550 5.7.1 no"));
                    var mta = new MtaFixture(sink.address())) {
                mta.enqueue("alice@example.org", field + MESSAGE, "carol@example.net");
                mta.dispatch();
                mta.awaitEmptyQueue();
                assertThat(mta.inbox(mta.alice())).isEmpty();
            }
        }
    }

    @Test
    void localRecipientsNeverLeave() throws Exception {
        try (var sink = new ScriptedServer();
                var mta = new MtaFixture(sink.address())) {
            mta.enqueue("alice@example.org", MESSAGE, "bob@example.org", "a.lice+x@example.org");
            mta.dispatch();
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.bob())).containsExactly("Delivered-To: bob@example.org\r\nReturn-Path: <alice@example.org>\r\n" + MESSAGE);
            assertThat(mta.inbox(mta.alice())).hasSize(1);
        }
    }

    @Test
    void aFullMailboxHereIsReportedLikeAnyOther() throws Exception {
        try (var sink = new ScriptedServer();
                var mta = new MtaFixture(sink.address())) {
            mta.mail().accounts().update(mta.bob().id(), Document.of("quota", 1L));
            mta.enqueue("alice@example.org", MESSAGE, "bob@example.org");
            mta.dispatch();
            mta.awaitEmptyQueue();
            mta.enqueue("alice@example.org", MESSAGE, "bob@example.org");
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.bob())).hasSize(1);
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\r\n");
        }
    }

    @Test
    void aForwardedAddressLeadsOut() throws Exception {
        try (var sink = new ScriptedServer(GREETING + TAKEN);
                var mta = new MtaFixture(sink.address())) {
            mta.mail().addresses().addForwarded("forward@example.org", List.of("carol@example.net"), Document.EMPTY);
            mta.enqueue("alice@example.org", MESSAGE, "forward@example.org");
            mta.dispatch();
            assertThat(sink.await().messages().getFirst()).startsWith("Received: by mail.example.org (Pintail) with LOCAL id ").endsWith("\r\n..hello\r\n");
            mta.awaitEmptyQueue();
        }
    }

    @Test
    void addressesThatForwardToEachOtherDoNotGoOnForEver() throws Exception {
        try (var sink = new ScriptedServer();
                var mta = new MtaFixture(sink.address())) {
            mta.mail().addresses().addForwarded("ping@example.org", List.of("pong@example.org"), Document.EMPTY);
            mta.mail().addresses().addForwarded("pong@example.org", List.of("ping@example.org"), Document.EMPTY);
            mta.enqueue("alice@example.org", MESSAGE, "ping@example.org");
            mta.dispatch();
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Message loop");
        }
    }

    @Test
    void onlyALocalPartBeyondAsciiNeedsSmtputf8() throws Exception {
        var envelope = "C: MAIL FROM:<alice@example.org>\nS: 250 ok\nC: RCPT TO:<carol@xn--bcher-kva.example>\nS: 250 ok\nC: DATA\nS: 354 go\nC: (message)\nS: 250 ok";
        try (var sink = new ScriptedServer(GREETING + envelope);
                var mta = new MtaFixture(sink.address())) {
            mta.enqueue("alice@example.org", MESSAGE, "carol@bücher.example");
            mta.dispatch();
            sink.await();
            mta.awaitEmptyQueue();
            mta.enqueue("alice@example.org", MESSAGE, "jörg@example.net");
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Status: 5.6.7\r\n");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsTriedLater() throws Exception {
        var gone = new ScriptedServer();
        gone.close();
        try (var mta = new MtaFixture(gone.address())) {
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatch();
            awaitAttempts(mta, 1);
            assertThat(mta.rows().getFirst().lastResponse()).startsWith("451 4.4.1 Cannot deliver to 127.0.0.1: ");
        }
    }

    @Test
    void ofSeveralMxHostsTheFirstThatAnswersTakesIt() throws Exception {
        try (var sink = new ScriptedServer("S: 421 4.3.2 busy\nS: (close)", GREETING + TAKEN);
                var mta = new MtaFixture(null, sink.address().getPort())) {
            var nobodyThere = InetAddress.getByAddress(new byte[] {127, 9, 9, 9});
            var hosts = List.of(
                    new MxResolver.Host("mx1.example.net", List.of(nobodyThere)),
                    new MxResolver.Host("mx2.example.net", List.of(sink.address().getAddress())),
                    new MxResolver.Host("mx3.example.net", List.of(sink.address().getAddress())));
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatch(domain -> domain.equals("example.net") ? hosts : List.of());
            sink.await();
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).isEmpty();
        }
    }

    @Test
    void aDomainThatTakesNoMailIsReported() throws Exception {
        try (var mta = new MtaFixture(null, 25)) {
            mta.enqueue("alice@example.org", MESSAGE, "carol@example.net");
            mta.dispatch(_ -> {
                throw new SmtpReply.Refused(new SmtpReply(556, "5.1.10", "The domain does not accept mail"));
            });
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Status: 5.1.10\r\n");
        }
    }

    @Test
    void forwardingToAUrlIsReportedAsNotSupported() throws Exception {
        try (var sink = new ScriptedServer();
                var mta = new MtaFixture(sink.address())) {
            mta.mail().addresses().addForwarded("hook@example.org", List.of("https://hook.example/x"), Document.EMPTY);
            mta.enqueue("alice@example.org", MESSAGE, "hook@example.org");
            mta.dispatch();
            mta.awaitEmptyQueue();
            assertThat(mta.inbox(mta.alice())).singleElement().asString().contains("Status: 5.3.5\r\n");
        }
    }
}
