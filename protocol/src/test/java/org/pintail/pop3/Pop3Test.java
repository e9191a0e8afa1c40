package org.pintail.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.MessageRow;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;
import org.pintail.net.Loopback;
import org.pintail.testkit.Wire;

/// POP3 (RFC 1939, 2449, 2595, 5034). alice has three messages, her password is `se cret`.
class Pop3Test {
    private static final String ONE = "Subject: one\r\n\r\nfirst\r\nsecond\r\nthird\r\n";
    private static final String TWO = "Subject: two\r\n\r\n.\r\n..dots\r\n.dot\r\n\r\nend\r\n";
    private static final String THREE = "Subject: three \u00f6\0\r\n\r\n" + "long ".repeat(10_000) + "\r\n";
    private static final String LOGIN = """
            S: +OK Pintail ready for requests from ...
            C: USER alice
            S: +OK send PASS
            C: PASS se cret
            """;

    @TempDir
    Path directory = Path.of(".");

    private MemoryStore store;
    private Mail mail;
    private Account alice;
    private Loopback loopback;

    @BeforeEach
    void start() throws IOException {
        store = new MemoryStore(Clock.systemUTC());
        mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
        alice = mail.accounts().create(Accounts.New.of("alice", "se cret", "alice@example.org"));
        loopback = new Loopback(directory, new Pop3Server(mail, new Pop3Limits(100, Duration.ofSeconds(10), 3, Duration.ZERO)));
        for (var message : List.of(ONE, TWO, THREE)) {
            append(message);
        }
    }

    @AfterEach
    void stop() {
        loopback.close();
        store.close();
    }

    private void append(String message) {
        var inbox = mail.folders().find(alice.id(), "INBOX").orElseThrow().id();
        var where = new Mailstore.Placement(alice, inbox, Flags.NONE, Instant.EPOCH, new byte[0], Document.EMPTY, false, null);
        mail.mailstore().append(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)), where);
    }

    private List<MessageRow> rows(String path) {
        return mail.mailstore().messages().rows(mail.folders().find(alice.id(), path).orElseThrow().id());
    }

    private List<MessageRow> trash() {
        return mail.mailstore().messages().rows(mail.folders().findSpecial(alice.id(), "\\Trash").orElseThrow().id());
    }

    private Wire loggedIn() throws IOException {
        return loopback.connect().play(LOGIN).play("S: +OK maildrop has 3 messages (" + (ONE.length() + TWO.length() + THREE.length()) + " octets)");
    }

    @Test
    void theMaildropIsListedOldestFirst() throws IOException {
        int sum = ONE.length() + TWO.length() + THREE.length();
        try (var wire = loggedIn()) {
            wire.play("C: STAT\nS: +OK 3 " + sum + "\nC: LIST\nS: +OK 3 messages (" + sum + " octets)");
            assertThat(wire.dotted()).isEqualTo("1 " + ONE.length() + "\r\n2 " + TWO.length() + "\r\n3 " + THREE.length() + "\r\n");
            wire.play("C: LIST 2\nS: +OK 2 " + TWO.length() + "\nC: UIDL\nS: +OK");
            var ids = rows("INBOX").stream().map(r -> r.id().hex()).toList();
            assertThat(wire.dotted()).isEqualTo("1 " + ids.get(0) + "\r\n2 " + ids.get(1) + "\r\n3 " + ids.get(2) + "\r\n");
            wire.play("C: UIDL 3\nS: +OK 3 " + ids.get(2));
        }
    }

    @Test
    void messagesComeByteForByte() throws IOException {
        try (var wire = loggedIn()) {
            for (var message : List.of(ONE, TWO, THREE)) {
                int number = List.of(ONE, TWO, THREE).indexOf(message) + 1;
                wire.play("C: RETR " + number + "\nS: +OK " + message.length() + " octets");
                assertThat(wire.dotted()).isEqualTo(message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, first|", "2, first|second|", "9, first|second|third|"})
    void topShowsTheHeaderAndSomeLines(int lines, String body) throws IOException {
        try (var wire = loggedIn()) {
            wire.play("C: TOP 1 " + lines + "\nS: +OK message follows");
            assertThat(wire.dotted()).isEqualTo("Subject: one\r\n\r\n" + body.replace("|", "\r\n"));
            wire.play("C: QUIT\nS: +OK Bye\nS: closed");
        }
        assertThat(rows("INBOX")).noneMatch(r -> r.flags().has(Flags.SEEN));
    }

    @Test
    void quitMakesTheChanges() throws IOException {
        try (var wire = loggedIn()) {
            wire.play("C: RETR 1\nS: +OK ...").dotted();
            wire.play("C: DELE 2\nS: +OK message 2 deleted");
            assertThat(rows("INBOX")).hasSize(3).noneMatch(r -> r.flags().has(Flags.SEEN));
            wire.play("C: QUIT\nS: +OK Bye\nS: closed");
        }
        assertThat(rows("INBOX")).extracting(r -> r.flags().has(Flags.SEEN)).containsExactly(true, false);
        assertThat(trash()).extracting(MessageRow::size).containsExactly((long) TWO.length());
        assertThat(trash()).allMatch(r -> r.flags().has(Flags.SEEN));
    }

    @Test
    void whoLeavesWithoutQuitChangesNothing() throws IOException {
        try (var wire = loggedIn()) {
            wire.play("C: RETR 1\nS: +OK ...").dotted();
            wire.play("C: DELE 2\nS: +OK message 2 deleted");
        }
        try (var wire = loggedIn()) {
            wire.play("C: NOOP\nS: +OK");
        }
        assertThat(rows("INBOX")).hasSize(3).noneMatch(r -> r.flags().has(Flags.SEEN));
    }

    @Test
    void deletedMessagesKeepTheirNumbersUntilRset() throws IOException {
        try (var wire = loggedIn()) {
            wire.play("C: DELE 1\nS: +OK message 1 deleted\nC: STAT\nS: +OK 2 " + (TWO.length() + THREE.length()));
            wire.play("C: LIST\nS: +OK 2 messages ...");
            assertThat(wire.dotted()).startsWith("2 ");
            for (var command : List.of("DELE 1", "RETR 1", "LIST 1", "UIDL 1", "TOP 1 0")) {
                wire.play("C: " + command + "\nS: -ERR message 1 already deleted");
            }
            wire.play("C: RETR 4\nS: -ERR no such message, only 3 messages in maildrop");
            wire.play("C: RSET\nS: +OK maildrop has 3 messages\nC: QUIT\nS: +OK Bye");
        }
        assertThat(rows("INBOX")).hasSize(3);
    }

    /// No lock is taken: every session has the maildrop as it was at its login.
    @Test
    void severalSessionsDoNotDisturbEachOther() throws IOException {
        try (var first = loggedIn();
                var second = loggedIn()) {
            first.play("C: DELE 1\nS: +OK message 1 deleted\nC: QUIT\nS: +OK Bye\nS: closed");
            append("Subject: new\r\n\r\n");
            second.play("C: STAT\nS: +OK 3 ...\nC: DELE 1\nS: +OK ...\nC: DELE 2\nS: +OK ...\nC: QUIT\nS: +OK Bye\nS: closed");
        }
        assertThat(rows("INBOX")).extracting(MessageRow::size).containsExactly((long) THREE.length(), 16L);
    }

    @Test
    void onlyTheNewestMessagesAreShown() throws IOException {
        append("Subject: new\r\n\r\n");
        try (var wire = loopback.connect().play(LOGIN)) {
            wire.play("S: +OK maildrop has 3 messages ...\nC: LIST 1\nS: +OK 1 " + TWO.length() + "\nC: LIST 3\nS: +OK 3 16");
        }
    }

    @Test
    void manyCommandsInOnePacketAreAnsweredInOrder() throws IOException {
        try (var wire = loopback.connect()) {
            wire.send("USER alice", "PASS se cret", "STAT", "RETR 1", "TOP 2 0", "DELE 1", "QUIT");
            wire.play("S: +OK ...\nS: +OK send PASS\nS: +OK maildrop has ...\nS: +OK 3 ...\nS: +OK " + ONE.length() + " octets");
            assertThat(wire.dotted()).isEqualTo(ONE);
            wire.play("S: +OK message follows");
            assertThat(wire.dotted()).isEqualTo("Subject: two\r\n\r\n");
            wire.play("S: +OK message 1 deleted\nS: +OK Bye\nS: closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"STAT", "LIST", "LIST 1", "UIDL", "UIDL 1", "RETR 1", "TOP 1 1", "DELE 1", "RSET"})
    void nothingIsShownBeforeLogin(String command) throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...\nC: " + command + "\nS: -ERR Command not accepted\nC: NOOP\nS: +OK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"APOP alice c4c9334bac560ecc979e58001b3e22fb", "LAST", "XTND", "NONSENSE", "PASS secret"})
    void unknownCommandsEndTheDialogue(String command) throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...");
            assertThat(wire.send(command).line()).startsWith("-ERR ");
            wire.play("S: closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR", "RETR x", "RETR -1", "RETR 99999999999", "DELE 1 2", "TOP 1", "TOP 1 x", "LIST x"})
    void malformedArgumentsEndTheDialogue(String command) throws IOException {
        try (var wire = loggedIn()) {
            wire.play("C: " + command + "\nS: -ERR malformed command\nS: closed");
        }
    }

    @Test
    void theGreetingHasNoTimestampForApop() throws IOException {
        try (var wire = loopback.connect()) {
            assertThat(wire.line()).startsWith("+OK Pintail ready for requests from 127.0.0.1 ").doesNotContain("<");
        }
    }

    @Test
    void aWrongPasswordLeavesTheConnectionOpen() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("""
                    S: +OK ...
                    C: USER
                    S: -ERR USER who?
                    C: USER alice
                    S: +OK send PASS
                    C: PASS wrong
                    S: -ERR [AUTH] Username and password not accepted
                    C: USER alice@example.org
                    S: +OK send PASS
                    C: PASS se cret
                    S: +OK maildrop has 3 messages ...
                    C: USER alice
                    S: -ERR Command not accepted
                    """);
        }
    }

    @Test
    void authPlainWithAndWithoutInitialResponse() throws IOException {
        try (var wire = loopback.connect();
                var other = loopback.connect()) {
            wire.play("""
                    S: +OK ...
                    C: AUTH
                    S: +OK
                    S: PLAIN
                    S: LOGIN
                    S: PLAIN-CLIENTTOKEN
                    S: SCRAM-SHA-256
                    S: SCRAM-SHA-1
                    S: .
                    C: AUTH CRAM-MD5
                    S: -ERR unsupported SASL mechanism
                    C: AUTH PLAIN !!!
                    S: -ERR malformed command
                    C: AUTH PLAIN
                    S: +\s
                    C: *
                    S: -ERR authentication cancelled
                    C: AUTH PLAIN
                    S: +\s
                    C: AGFsaWNlAHNlIGNyZXQ=
                    S: +OK maildrop has 3 messages ...
                    """);
            other.play("S: +OK ...\nC: AUTH PLAIN AGFsaWNlAHNlIGNyZXQ=\nS: +OK maildrop has 3 messages ...");
        }
    }

    @Test
    void fromAfarPasswordsNeedTls() throws IOException {
        try (var wire = loopback.connectFromAfar()) {
            wire.play("S: +OK ...\nC: CAPA\nS: +OK Capability list follows");
            assertThat(wire.dotted()).contains("STLS\r\n").doesNotContain("\r\nUSER").doesNotContain("SASL");
            wire.play("""
                    C: USER alice
                    S: -ERR Command is not valid in this state
                    C: AUTH PLAIN AGFsaWNlAHNlIGNyZXQ=
                    S: -ERR Command is not valid in this state
                    """);
            wire.send("STLS", "USER alice", "PASS se cret").play("S: +OK Begin TLS negotiation"); // what is behind STLS is thrown away
            wire.startTls();
            wire.play("C: STLS\nS: -ERR Command not permitted when TLS active\nC: CAPA\nS: +OK ...");
            assertThat(wire.dotted()).contains("USER\r\n", "SASL PLAIN LOGIN PLAIN-CLIENTTOKEN SCRAM-SHA-256 SCRAM-SHA-1 SCRAM-SHA-256-PLUS\r\n", "UIDL\r\n", "TOP\r\n", "PIPELINING\r\n").doesNotContain("STLS");
            wire.play("C: USER alice\nS: +OK send PASS\nC: PASS se cret\nS: +OK maildrop has 3 messages ...");
        }
    }

    @Test
    void whatWasSaidBeforeTheHandshakeIsForgotten() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...\nC: USER alice\nS: +OK send PASS\nC: STLS\nS: +OK Begin TLS negotiation");
            wire.startTls().play("C: PASS se cret\nS: -ERR malformed command\nS: closed");
        }
    }

    @Test
    void aLineTooLongEndsTheDialogue() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...\nC: " + "x".repeat(1000) + "\nS: -ERR malformed command\nS: closed");
        }
    }

    @Test
    void theDailyAllowanceIsKept() throws IOException {
        mail.accounts().update(alice.id(), Document.of("pop3MaxDownload", 100L));
        try (var wire = loggedIn()) {
            wire.play("C: RETR 1\nS: +OK ...").dotted();
            wire.play("C: RETR 3\nS: +OK ...").dotted(); // the one that exceeds it is the last
            wire.play("C: TOP 1 0\nS: -ERR Download was rate limited. ...\nS: closed");
        }
    }

    @Test
    void aSilentClientIsToldSo() throws IOException {
        try (var hasty = new Loopback(directory, new Pop3Server(mail, new Pop3Limits(100, Duration.ofMillis(100), 3, Duration.ZERO)));
                var wire = hasty.connect()) {
            wire.play("S: +OK ...\nS: -ERR Disconnected for inactivity\nS: closed");
        }
    }

    @Test
    void capabilitiesAreThoseOfTheState() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...\nC: CAPA\nS: +OK ...");
            assertThat(wire.dotted().lines())
                    .contains("RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "UTF8 USER", "LANG", "USER", "STLS", "EXPIRE NEVER USER", "LOGIN-DELAY 0")
                    .contains("IMPLEMENTATION Pintail");
        }
        var inbox = mail.folders().find(alice.id(), "INBOX").orElseThrow();
        mail.folders().update(alice.id(), inbox.id(), new Mailboxes.Changes(null, null, null, Duration.ofDays(30).toMillis()));
        try (var wire = loggedIn()) {
            wire.play("C: CAPA\nS: +OK ...");
            assertThat(wire.dotted().lines()).contains("EXPIRE 30", "TOP").doesNotContain("USER", "STLS");
        }
    }

    @Test
    void languagesAreListedAndChosen() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...\nC: LANG\nS: +OK Language listing follows:");
            assertThat(wire.dotted()).isEqualTo("en English\r\ni-default English\r\n");
            wire.play("""
                    C: LANG *
                    S: +OK en Language changed
                    C: LANG I-DEFAULT
                    S: +OK i-default Language changed
                    C: LANG uga
                    S: -ERR Language not known
                    C: NOOP
                    S: +OK
                    """);
        }
    }

    /// RFC 6856 §2: UTF8 comes after STLS and before login.
    @Test
    void utf8HasItsPlace() throws IOException {
        try (var wire = loopback.connect()) {
            wire.play("""
                    S: +OK ...
                    C: UTF8 x
                    S: -ERR UTF8 has no arguments
                    C: UTF8
                    S: +OK UTF8 enabled
                    C: STLS
                    S: -ERR STLS comes before UTF8
                    C: USER alice
                    S: +OK send PASS
                    C: PASS se cret
                    S: +OK maildrop has 3 messages ...
                    C: UTF8
                    S: -ERR Command not accepted
                    """);
            wire.play("C: RETR 3\nS: +OK " + THREE.length() + " octets");
            assertThat(wire.dotted()).isEqualTo(THREE);
        }
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static final String MODERN = utf8("From: Jörg <jörg@example.com>\r\nTo: alice@example.org\r\nSubject: Grüße\r\n\r\nÄ body\r\n");

    /// RFC 6856 §2.1: who did not say UTF8 gets none in headers; what stands in the body is 8BITMIME.
    @Test
    void messagesWithUtf8InTheirHeadersAreRewrittenUnlessTheClientSaysUtf8() throws IOException {
        append(MODERN);
        var shown = "From: =?UTF-8?B?SsO2cmcgPGrDtnJnQGV4YW1wbGUuY29tPg==?=\r\n <invalid@internationalized-address.invalid>\r\n"
                + "To: alice@example.org\r\nSubject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n\r\n";
        var whole = shown + utf8("Ä body\r\n");
        try (var wire = loopback.connect()) {
            wire.play(LOGIN).play("S: +OK maildrop has 3 messages ...");
            wire.play("C: LIST 3\nS: +OK 3 " + MODERN.length() + "\nC: RETR 3\nS: +OK " + whole.length() + " octets");
            assertThat(wire.dotted()).isEqualTo(whole);
            wire.play("C: TOP 3 0\nS: +OK message follows");
            assertThat(wire.dotted()).isEqualTo(shown);
            wire.play("C: UIDL 3\nS: +OK 3 " + rows("INBOX").getLast().id().hex());
        }
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...\nC: UTF8\nS: +OK ...\nC: USER alice\nS: +OK ...\nC: PASS se cret\nS: +OK ...");
            wire.play("C: RETR 3\nS: +OK " + MODERN.length() + " octets");
            assertThat(wire.dotted()).isEqualTo(MODERN);
        }
    }

    /// RFC 6856 §5.
    @Test
    void whatCannotBeRewrittenIsRefusedWithTheCodeUtf8() throws IOException {
        append("Subject: " + utf8("Grüße") + "\r\nX-Long: " + ("x".repeat(900) + "\r\n ").repeat(5000) + "\r\n\r\nbody\r\n");
        try (var wire = loopback.connect()) {
            wire.play(LOGIN).play("S: +OK maildrop has 3 messages ...");
            wire.play("C: RETR 3\nS: -ERR [UTF8] ...\nC: TOP 3 1\nS: -ERR [UTF8] ...\nC: NOOP\nS: +OK");
        }
    }

    /// RFC 6856 §2.2.
    @Test
    void namesAndPasswordsAreUtf8AndPrepared() throws IOException {
        mail.accounts().create(Accounts.New.of("bob", "pässwörd", "bob@example.org"));
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...").raw(utf8("USER b\u00ado\u2060b\r\nPASS pässwörd\r\n"));
            wire.play("S: +OK send PASS\nS: +OK maildrop has 0 messages (0 octets)");
        }
        try (var wire = loopback.connect()) {
            wire.play("S: +OK ...").raw(utf8("USER b\u200eob\r\nUSER bob\r\nPASS p\ue000\r\n"));
            wire.play("""
                    S: -ERR [AUTH] There is a character that is not allowed here
                    S: +OK send PASS
                    S: -ERR [AUTH] There is a character that is not allowed here
                    """);
            wire.raw("USER b\u00f6b\r\n").play("S: -ERR [AUTH] User names and passwords are UTF-8");
            wire.play("C: PASS x\nS: -ERR malformed command\nS: closed");
        }
    }

    @Test
    void aWindowOfZeroShowsAll() throws IOException {
        append("Subject: new\r\n\r\n");
        try (var all = new Loopback(directory, new Pop3Server(mail, new Pop3Limits(100, Duration.ofSeconds(10), 0, Duration.ZERO)));
                var wire = all.connect()) {
            wire.play(LOGIN).play("S: +OK maildrop has 4 messages ...");
        }
        mail.accounts().update(alice.id(), Document.of("pop3MaxMessages", 2L));
        try (var wire = loopback.connect()) {
            wire.play(LOGIN).play("S: +OK maildrop has 2 messages ...");
        }
    }

    @Test
    void aLoginTooSoonIsPutOff() throws IOException {
        try (var slow = new Loopback(directory, new Pop3Server(mail, new Pop3Limits(100, Duration.ofSeconds(10), 0, Duration.ofMinutes(5))));
                var first = slow.connect();
                var second = slow.connect()) {
            first.play(LOGIN).play("S: +OK maildrop has 3 messages ...\nC: CAPA\nS: +OK ...");
            assertThat(first.dotted().lines()).contains("LOGIN-DELAY 300");
            second.play(LOGIN).play("S: -ERR [LOGIN-DELAY] Too soon after the last login, try again in ...\nC: NOOP\nS: +OK");
        }
    }

    @Test
    void tooManyWrongPasswordsAreATemporaryFailure() throws IOException {
        try (var wire = loopback.connect()) {
            wire.line();
            for (int i = 0; i < 12; i++) {
                wire.play("C: USER alice\nS: +OK send PASS\nC: PASS wrong\nS: -ERR [AUTH] ...");
            }
            wire.play("C: USER alice\nS: +OK send PASS\nC: PASS se cret\nS: -ERR [SYS/TEMP] Authentication was rate limited. ...");
        }
    }
}
