package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.testkit.AnyCertificate;
import org.pintail.testkit.Wire;

/// What needs more than a transcript: limits, time, volume, the server's own will.
class DialogueTest {
    @TempDir
    Path directory = Path.of(".");

    private static ImapLimits limits(int line, int errors, Duration idle, int perUser) {
        var d = ImapLimits.DEFAULT;
        return new ImapLimits(line, line, d.literal(), d.append(), d.nesting(), errors, idle, d.idleTotal(), perUser, 0, 0, d.notified());
    }

    private static String until(Transcript.Wire wire, String start) throws IOException {
        var line = wire.receive();
        while (line != null && !line.startsWith(start)) {
            line = wire.receive();
        }
        return String.valueOf(line);
    }

    @Test
    void aLineTooLongIsBadAndTheNextOneIsHeard() throws IOException {
        try (var server = new ImapFixture(directory, limits(100, 50, Duration.ofSeconds(60), 15));
                var wire = server.connect(true)) {
            wire.send("a1 NOOP " + "x".repeat(200));
            assertThat(wire.receive()).isEqualTo("* BAD Command line too long");
            wire.send("a2 NOOP");
            assertThat(wire.receive()).isEqualTo("a2 OK Nothing done");
        }
    }

    @Test
    void tooManyErrorsEndTheDialogue() throws IOException {
        try (var server = new ImapFixture(directory, limits(100, 2, Duration.ofSeconds(60), 15));
                var wire = server.connect(true)) {
            for (int i = 0; i < 3; i++) {
                wire.send("a NONSENSE");
            }
            assertThat(until(wire, "* BYE")).isEqualTo("* BYE Too many protocol errors");
            assertThat(wire.receive()).isNull();
        }
    }

    @Test
    void aSilentClientIsToldByeAndOneThatIdlesIsNot() throws IOException {
        try (var server = new ImapFixture(directory, limits(100, 2, Duration.ofMillis(200), 15));
                var silent = server.connect(true);
                var idling = server.connect(true)) {
            idling.send("a IDLE");
            assertThat(idling.receive()).isEqualTo("+ idling");
            assertThat(idling.receive()).startsWith("* OK Still here (");
            assertThat(silent.receive()).isEqualTo("* BYE Idle timeout, closing connection");
            idling.send("DONE");
            assertThat(until(idling, "a ")).isEqualTo("a OK IDLE terminated");
        }
    }

    @Test
    void passwordsFromAfarNeedTls() throws Exception {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var socket = server.connectFromAfar();
                var plain = new ImapFixture.SocketWire(socket)) {
            assertThat(plain.receive()).contains("from 192.0.2.1 ");
            plain.send("a CAPABILITY");
            assertThat(plain.receive()).contains(" LOGINDISABLED ", " STARTTLS ").doesNotContain("AUTH=");
            assertThat(plain.receive()).startsWith("a OK");
            plain.send("b LOGIN alice secret");
            assertThat(plain.receive()).isEqualTo("b BAD Run STARTTLS first");
            plain.send("c AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==");
            assertThat(plain.receive()).isEqualTo("c BAD Run STARTTLS first");
            plain.send("d STARTTLS");
            assertThat(plain.receive()).isEqualTo("d OK Begin TLS negotiation now");
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            try (var tls = new ImapFixture.SocketWire(
                    context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true))) {
                tls.send("e STARTTLS");
                assertThat(tls.receive()).isEqualTo("e NO TLS is active already");
                tls.send("f LOGIN alice secret");
                assertThat(tls.receive()).startsWith("* CAPABILITY IMAP4rev1 ").doesNotContain("STARTTLS");
                assertThat(tls.receive()).isEqualTo("f OK alice authenticated");
            }
        }
    }

    @Test
    void aDownloadLimitIsKept() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = server.connect(true)) {
            server.mail().accounts().update(server.alice().id(), Document.of("imapMaxDownload", 10L));
            server.append("INBOX", ImapFixture.simple(1));
            wire.send("a SELECT INBOX");
            assertThat(until(wire, "a ")).startsWith("a OK");
            wire.send("b FETCH 1 BODY.PEEK[]");
            assertThat(until(wire, "b ")).startsWith("b OK");
            wire.send("c FETCH 1 BODY.PEEK[]");
            assertThat(wire.receive()).startsWith("c NO [TEMPFAIL] Download was rate limited. Try again in ");
        }
    }

    @Test
    void anAccountHasOnlySoManySessions() throws IOException {
        try (var server = new ImapFixture(directory, limits(100, 2, Duration.ofSeconds(60), 1));
                var second = server.connect(false)) {
            try (var first = server.connect(true)) {
                second.send("a LOGIN alice secret");
                assertThat(until(second, "a ")).isEqualTo("a NO [ALERT] Too many simultaneous connections.");
                first.send("b LOGOUT");
                assertThat(until(first, "b ")).startsWith("b OK");
                assertThat(first.receive()).isNull();
            }
            second.send("c LOGIN alice secret");
            assertThat(until(second, "c ")).startsWith("c OK");
        }
    }

    @Test
    void aSessionIsToldWhyItEnds() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = server.connect(true)) {
            server.mail().store().events().logout(server.alice().id(), "Password was changed");
            assertThat(wire.receive()).isEqualTo("* BYE Password was changed");
            assertThat(wire.receive()).isNull();
        }
    }

    @Test
    void aMessageComesBackByteForByte() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = server.connect(true)) {
            var lines = new ArrayList<String>(List.of("Subject: big", "Content-Type: application/x", ""));
            for (int i = 0; i < 40_000; i++) {
                lines.add("line " + i + " \u00e4 \u4e16");
            }
            server.append("INBOX", String.join("\r\n", lines) + "\r\n");
            wire.send("a SELECT INBOX");
            assertThat(until(wire, "a ")).startsWith("a OK");
            wire.send("b FETCH 1 BODY.PEEK[]");
            assertThat(wire.receive()).startsWith("* 1 FETCH (BODY[] {");
            for (var line : lines) {
                assertThat(wire.receive()).isEqualTo(line);
            }
            assertThat(wire.receive()).isEqualTo(")");
            assertThat(wire.receive()).isEqualTo("b OK FETCH completed");
        }
    }

    /// INBOX, with 4096 messages.
    private static Mailbox large(ImapFixture server) {
        var inbox = server.mail().folders().find(server.alice().id(), "INBOX").orElseThrow();
        server.append("INBOX", ImapFixture.simple(1));
        var messages = server.mail().store().messages();
        for (int have = 1; have < 3000; have *= 2) {
            var uids = messages.rows(inbox.id()).stream().map(r -> r.uid()).toList();
            messages.copy(inbox.id(), uids, inbox.id(), 0, null);
        }
        return inbox;
    }

    /// More messages than one page of rows; sets with holes.
    @Test
    void everyMessageOfALargeMailboxIsAnswered() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = server.connect(true)) {
            var inbox = large(server);
            var messages = server.mail().store().messages();
            messages.changeFlags(inbox.id(), uid -> uid % 100 == 0, f -> f.plus(Flags.of("\\Deleted")), Long.MAX_VALUE, null);
            wire.send("a SELECT INBOX");
            assertThat(until(wire, "a ")).startsWith("a OK");
            wire.send("b FETCH 1:* (UID FLAGS)");
            for (int i = 1; i <= 4096; i++) {
                var flags = i % 100 == 0 ? "\\Recent \\Deleted" : "\\Recent";
                assertThat(wire.receive()).isEqualTo("* " + i + " FETCH (UID " + i + " FLAGS (" + flags + "))");
            }
            assertThat(wire.receive()).isEqualTo("b OK FETCH completed");
            wire.send("c UID FETCH 5,70,4000:4001 UID");
            for (int i : new int[] {5, 70, 4000, 4001}) {
                assertThat(wire.receive()).isEqualTo("* " + i + " FETCH (UID " + i + ")");
            }
            assertThat(wire.receive()).isEqualTo("c OK UID FETCH completed");
        }
    }

    /// Nextcloud names every message it wants: here each other one of 4096, in commands of ten kilobytes.
    @Test
    void aVeryLongSetOfUidsIsAnswered() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = server.connect(true)) {
            large(server);
            var odd = IntStream.range(0, 2048).mapToObj(i -> "" + (2 * i + 1)).collect(Collectors.joining(","));
            wire.send("a SELECT INBOX");
            assertThat(until(wire, "a ")).startsWith("a OK");
            wire.send("b UID STORE " + odd + " +FLAGS.SILENT (\\Seen)");
            assertThat(until(wire, "b ")).isEqualTo("b OK UID STORE completed");
            wire.send("c UID SEARCH UID " + odd + " UNSEEN");
            assertThat(until(wire, "* SEARCH")).isEqualTo("* SEARCH");
            wire.send("d UID FETCH " + odd + " (UID FLAGS)");
            assertThat(until(wire, "* ")).isEqualTo("* 1 FETCH (UID 1 FLAGS (\\Recent \\Seen))");
            for (int uid = 3; uid < 4096; uid += 2) {
                assertThat(wire.receive()).isEqualTo("* " + uid + " FETCH (UID " + uid + " FLAGS (\\Recent \\Seen))");
            }
            assertThat(wire.receive()).isEqualTo("d OK UID FETCH completed");
            wire.send("e UID COPY " + odd + " Trash");
            assertThat(until(wire, "e ")).startsWith("e OK [COPYUID ").contains(" 1:2048] ");
        }
    }

    @Test
    void beforeLoginALineIsShortAndAfterItACommandIsAMegabyte() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = server.connect(false)) {
            wire.receive();
            wire.send("a NOOP " + "x".repeat(8192 - 7));
            assertThat(wire.receive()).isEqualTo("a BAD Too many arguments provided");
            wire.send("a NOOP " + "x".repeat(8193 - 7));
            assertThat(wire.receive()).isEqualTo("* BAD Command line too long");
            wire.send("b LOGIN alice secret");
            assertThat(until(wire, "b ")).startsWith("b OK");
            wire.send("c NOOP " + "x".repeat((1 << 20) - 7));
            assertThat(wire.receive()).isEqualTo("c BAD Too many arguments provided");
            wire.send("c NOOP " + "x".repeat(1 << 20));
            assertThat(wire.receive()).isEqualTo("* BAD Command line too long");
            wire.send("d NOOP");
            assertThat(wire.receive()).isEqualTo("d OK Nothing done");
        }
    }

    @Test
    void literalsOfACommandAreBoundedInCountAndSum() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var many = server.connect(true);
                var wire = server.connect(true)) {
            many.send("s SELECT INBOX\r\na SEARCH" + " SUBJECT {1+}\r\nx".repeat(64));
            assertThat(until(many, "a ")).startsWith("a OK");
            many.send("b SEARCH" + " SUBJECT {1+}\r\nx".repeat(65));
            assertThat(until(many, "* BYE")).isEqualTo("* BYE Literal too large");
            wire.send("s SELECT INBOX");
            assertThat(until(wire, "s ")).startsWith("s OK");
            var large = new StringBuilder("b SEARCH");
            for (int i = 0; i < 17; i++) {
                large.append(" SUBJECT {65536+}\r\n").append("x".repeat(65536));
            }
            wire.send(large.toString());
            assertThat(until(wire, "b ")).isEqualTo("b NO Literal too large");
            wire.send("c NOOP");
            assertThat(until(wire, "c ")).isEqualTo("c OK Nothing done");
            wire.send("d SEARCH " + "(".repeat(51) + "ALL" + ")".repeat(51));
            assertThat(until(wire, "d ")).isEqualTo("d BAD search keys nested too deeply");
            wire.send("e SEARCH " + "(".repeat(49) + "ALL" + ")".repeat(49));
            assertThat(until(wire, "e ")).startsWith("e OK");
            wire.send("f UID SEARCH UID " + "1,".repeat(10_000) + "1");
            assertThat(until(wire, "f ")).isEqualTo("f BAD sequence-set has too many ranges");
        }
    }

    @Test
    void aGoodCommandMakesUpForBadOnesAfterLogin() throws IOException {
        try (var server = new ImapFixture(directory, limits(100, 3, Duration.ofSeconds(60), 15));
                var wire = server.connect(true)) {
            for (int i = 0; i < 5; i++) {
                wire.send("a NONSENSE\r\nb NONSENSE\r\nc NOOP");
                assertThat(until(wire, "c ")).isEqualTo("c OK Nothing done");
            }
        }
    }

    /// RFC 3501 §6.2.1: what came in clear behind STARTTLS is no command of the client that is secured.
    @Test
    void nothingSaidBeforeTheHandshakeSurvivesIt() throws Exception {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var wire = Wire.connect(server.address())) {
            wire.line();
            wire.send("a STARTTLS", "b LOGIN alice secret", "c LOG");
            assertThat(wire.line()).isEqualTo("a OK Begin TLS negotiation now");
            wire.startTls();
            assertThat(wire.send("d NOOP").line()).isEqualTo("d OK Nothing done");
            assertThat(wire.send("e SELECT INBOX").line()).isEqualTo("e BAD SELECT not allowed now");
        }
    }

    /// One client asks for much and reads nothing: others change that mailbox meanwhile, and in the end the connection is given up.
    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
        var limits = limits(1000, 10, Duration.ofSeconds(60), 2);
        try (var server = new ImapFixture(directory, limits, Duration.ofSeconds(1));
                var slow = new Socket()) {
            server.append("INBOX", "Subject: big\r\n\r\n" + "0123456789abcdef\r\n".repeat(500_000));
            slow.setReceiveBufferSize(4096);
            slow.connect(server.address());
            slow.getOutputStream().write("a LOGIN alice secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n".getBytes(StandardCharsets.US_ASCII));
            slow.getInputStream().readNBytes(20_000); // it has begun
            try (var quick = server.connect(true)) {
                quick.send("a SELECT INBOX");
                assertThat(until(quick, "a ")).startsWith("a OK");
                for (int i = 0; i < 200; i++) {
                    quick.send("b STORE 1 FLAGS (" + (i % 2 == 0 ? "\\Seen" : "\\Flagged") + ")");
                    assertThat(until(quick, "b ")).startsWith("b OK");
                }
                quick.send("c STORE 1 +FLAGS (\\Deleted)\r\nd EXPUNGE");
                assertThat(until(quick, "d ")).startsWith("d OK");
                quick.send("e LOGOUT");
                assertThat(until(quick, "e ")).startsWith("e OK");
                assertThat(quick.receive()).isNull();
            }
            try (var first = server.connect(true)) {
                String answer;
                var second = server.connect(false);
                do { // the seat of the slow one is free again once it is given up
                    second.send("a LOGIN alice secret");
                    answer = until(second, "a ");
                } while (answer.startsWith("a NO [ALERT]"));
                assertThat(answer).startsWith("a OK");
                second.close();
                first.send("b NOOP");
                assertThat(until(first, "b ")).startsWith("b OK");
            }
        }
    }
}
