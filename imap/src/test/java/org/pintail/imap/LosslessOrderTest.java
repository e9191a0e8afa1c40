package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.imap.wire.ImapLimits;

/// Where one step of the store is not enough, a message is safe in its new place before it goes from the old one: whenever a node ends, nothing is
/// lost. The journals of the accounts tell the order.
class LosslessOrderTest {
    @TempDir
    Path directory = Path.of(".");

    private ImapFixture server;
    private Transcript.Wire alice;

    @BeforeEach
    void start() throws IOException {
        server = new ImapFixture(directory, ImapLimits.DEFAULT);
        server.prepare(List.of("account bob", "INBOX with 3 messages", "empty Team"));
        alice = server.connect(true);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static void say(Transcript.Wire wire, String command, String answer) throws IOException {
        assertThat(ImapFixture.say(wire, command).getLast()).startsWith("t " + answer);
    }

    private AccountId id(String user) {
        return server.mail().accounts().find(user).orElseThrow().id();
    }

    private List<JournalEntry> journal(String user, Kind kind) {
        return server.mail().store().messages().journal(id(user), null, 1000).stream()
                .filter(e -> e.kind() == kind)
                .toList();
    }

    @Test
    void replaceAppendsAndThenExpunges() throws IOException {
        say(alice, "SELECT INBOX", "OK");
        say(alice, "REPLACE 2 Team {12+}\r\nSubject: x\r\n", "OK");
        var gone = journal("alice", Kind.EXPUNGE);
        assertThat(gone).hasSize(1);
        assertThat(gone.getFirst().uid()).isEqualTo(2);
        assertThat(journal("alice", Kind.EXISTS).getLast().id()).isLessThan(gone.getFirst().id());
    }

    @Test
    void aMoveToAnotherAccountIsThereBeforeItGoesHere() throws IOException {
        try (var bob = server.connect(false)) {
            say(bob, "LOGIN bob secret", "OK");
            say(bob, "CREATE Shared", "OK");
            say(bob, "SETACL Shared alice lrsi", "OK");
        }
        say(alice, "SELECT INBOX", "OK");
        say(alice, "MOVE 1:2 Users/bob/Shared", "OK");
        var came = journal("bob", Kind.EXISTS);
        var gone = journal("alice", Kind.EXPUNGE);
        assertThat(came).hasSize(2);
        assertThat(gone).hasSize(2);
        assertThat(came.getLast().id()).isLessThan(gone.getFirst().id());
    }

    @Test
    void aMoveThatIsRefusedThereTakesNothingAwayHere() throws IOException {
        try (var bob = server.connect(false)) {
            say(bob, "LOGIN bob secret", "OK");
            say(bob, "APPEND INBOX {12+}\r\nSubject: x\r\n", "OK");
            say(bob, "SETACL INBOX alice lrsi", "OK");
        }
        server.mail().accounts().update(id("bob"), Document.of("quota", 1L));
        say(alice, "SELECT INBOX", "OK");
        say(alice, "MOVE 1:3 Users/bob/INBOX", "NO [OVERQUOTA]");
        assertThat(journal("alice", Kind.EXPUNGE)).isEmpty();
        assertThat(journal("bob", Kind.EXISTS)).hasSize(1);
    }

    /// RFC 8508 §3.4: what goes makes room for what comes.
    @Test
    void replaceNeedsNoMoreRoomThanIsThereOnceTheOldOneIsGone() throws IOException {
        server.mail().accounts().update(id("alice"), Document.of("quota", server.mail().store().messages().usage(id("alice"))));
        say(alice, "SELECT INBOX", "OK");
        say(alice, "APPEND INBOX {12+}\r\nSubject: x\r\n", "NO [OVERQUOTA]");
        say(alice, "REPLACE 1 INBOX {12+}\r\nSubject: x\r\n", "OK");
        say(alice, "REPLACE 1 Team {12+}\r\nSubject: x\r\n", "OK");
    }
}
