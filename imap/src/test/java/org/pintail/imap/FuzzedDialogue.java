package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;
import org.pintail.net.Rehearsal;
import org.pintail.push.ApplePush;
import org.pintail.sasl.Sasl;

/// A server that is told anything; a fuzz test registers it. Its store is made anew from time to time, for what it is told may fill it.
final class FuzzedDialogue implements AfterAllCallback {
    private static final int FRESH = 500;
    private static final ImapLimits LIMITS = ImapLimits.DEFAULT;
    private final Rehearsal rehearsal = new Rehearsal();
    private int runs;
    private MemoryStore store = new MemoryStore(Clock.systemUTC());
    private Mail mail = new Mail(store, Rehearsal.noPasswords(), Clock.systemUTC());
    private Account alice = alice();

    /// What the clients of all transcripts say: where fuzzing begins.
    static List<byte[]> transcripts() throws IOException {
        var seeds = new ArrayList<byte[]>();
        for (var name : TranscriptTest.names()) {
            var lines = Transcript.read(TranscriptTest.TRANSCRIPTS.resolve(name)).steps().stream()
                    .filter(Transcript.Step::client)
                    .map(step -> step.text() + "\r\n");
            seeds.add(lines.collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }

    private Account alice() {
        var account = mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
        var inbox = mail.folders().find(account.id(), "INBOX").orElseThrow().id();
        var message = "Subject: =?utf-8?q?=C3=A4?=\r\nFrom: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n"
                + "--x\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n";
        for (int i = 0; i < 3; i++) {
            var where = new Mailstore.Placement(account, inbox, Flags.NONE, Instant.EPOCH, new byte[0], Document.EMPTY, false, null);
            mail.mailstore().append(Source.of(message.getBytes(StandardCharsets.US_ASCII)), where);
        }
        return account;
    }

    /// A client that sends `first`, then `rest`, and leaves. Nothing it says may be taken for a failure of the server.
    void say(boolean loggedIn, String first, byte[] rest) {
        var commands = Arrays.copyOf(first.getBytes(StandardCharsets.US_ASCII), first.length() + rest.length);
        System.arraycopy(rest, 0, commands, first.length(), rest.length);
        if (++runs % FRESH == 0) {
            store.close();
            store = new MemoryStore(Clock.systemUTC());
            mail = new Mail(store, Rehearsal.noPasswords(), Clock.systemUTC());
            alice = alice();
        }
        var sasl = new Sasl(mail.authentication(), Optional.empty());
        var answer = rehearsal.serve(commands, connection -> {
            var dialogue = new Dialogue(connection, mail, sasl, Optional.of(new ApplePush(mail, "com.apple.mail.XServer.test")), LIMITS, rehearsal.directory(), Kept.of(mail, true));
            if (loggedIn) {
                dialogue.login(new Authenticated(dialogue, alice.id(), "alice"));
            }
            dialogue.run();
        });
        assertThat(answer).startsWith("* OK ").doesNotContain("[TEMPFAIL]").doesNotContain("Internal");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        rehearsal.afterAll(context);
        store.close();
    }
}
