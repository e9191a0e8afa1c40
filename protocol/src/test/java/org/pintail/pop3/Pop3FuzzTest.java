package org.pintail.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;
import org.pintail.net.Rehearsal;

/// Any bytes are answered or end the connection, before login (first byte even) and after it.
class Pop3FuzzTest {
    private static final byte[] LOGIN = "USER alice\r\nPASS secret\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRESH = 500;

    @RegisterExtension
    static final Rehearsal REHEARSAL = new Rehearsal();

    private static MemoryStore store = new MemoryStore(Clock.systemUTC());
    private static Pop3Server before = server(Rehearsal.noPasswords());
    private static Pop3Server after = server(MailSettings.defaults("mail.example.org"));
    private static int runs;

    @BeforeAll
    static void fill() {
        var mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
        var alice = mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
        var inbox = mail.folders().find(alice.id(), "INBOX").orElseThrow().id();
        for (int i = 0; i < 3; i++) {
            var where = new Mailstore.Placement(alice, inbox, Flags.NONE, Instant.EPOCH, new byte[0], Document.EMPTY, false, null);
            mail.mailstore().append(Source.of("Subject: a\r\n\r\n.\r\nb\r\n".getBytes(StandardCharsets.US_ASCII)), where);
        }
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private static Pop3Server server(MailSettings settings) {
        return new Pop3Server(new Mail(store, settings, Clock.systemUTC()), Pop3Limits.DEFAULT);
    }

    /// From time to time all is as it was, for messages may have been removed.
    private static void refresh() {
        if (++runs % FRESH == 0) {
            store.close();
            store = new MemoryStore(Clock.systemUTC());
            before = server(Rehearsal.noPasswords());
            after = server(MailSettings.defaults("mail.example.org"));
            fill();
        }
    }

    @FuzzTest
    void anyBytesAreAnswered(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        refresh();
        boolean loggedIn = bytes[0] % 2 != 0;
        int skipped = loggedIn ? LOGIN.length : 0;
        var commands = new byte[skipped + bytes.length - 1];
        System.arraycopy(LOGIN, 0, commands, 0, skipped);
        System.arraycopy(bytes, 1, commands, skipped, bytes.length - 1);
        var answer = REHEARSAL.serve(commands, loggedIn ? after : before);
        assertThat(answer).startsWith("+OK ").doesNotContain("Internal error");
        assertThat(answer.contains("+OK maildrop has ")).as(answer).isEqualTo(loggedIn);
    }
}
