package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;

/// What a process remembers of mailboxes and journals saves commands, and does no harm where another process was there meanwhile.
class GuessesTest {
    private final TestServer server = TestServer.start();
    private final List<String> commands = Collections.synchronizedList(new ArrayList<>());
    private final TestClock clock = new TestClock();
    private MongoStore one;
    private MongoStore two;

    @BeforeEach
    void open() {
        one = server.open(server.settings(Duration.ofSeconds(30)), clock, new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                commands.add(event.getCommandName());
            }
        });
        two = server.open(server.settings(Duration.ofSeconds(30)), clock, null);
    }

    @AfterEach
    void close() {
        two.close();
        server.close(one);
    }

    @Test
    void aSecondMessageReadsNothing() {
        var inbox = Samples.inbox(one);
        one.messages().append(List.of(Samples.message(inbox, "first")));
        commands.clear();
        assertThat(one.mailboxes().findId(inbox.account(), "INBOX")).contains(inbox.id());
        commands.clear();
        assertThat(one.mailboxes().findId(inbox.account(), "INBOX")).contains(inbox.id());
        one.messages().append(List.of(Samples.message(inbox, "second")));
        assertThat(commands).as("usage, begin, message, journal, end").containsExactly("update", "update", "insert", "insert", "update");
    }

    @Test
    void twoProcessesInTurnGiveEveryUidOnceAndOneJournal() {
        var inbox = Samples.inbox(one);
        for (int i = 0; i < 12; i++) {
            var store = i % 3 == 0 ? two : one;
            store.messages().append(List.of(Samples.message(inbox, "message " + i)));
        }
        var uids = one.messages().rows(inbox.id()).stream().map(MessageRow::uid).toList();
        assertThat(uids).isEqualTo(java.util.stream.LongStream.rangeClosed(1, 12).boxed().toList());
        var told = two.messages().journal(inbox.account(), null, 100).stream()
                .filter(e -> e.kind() == JournalEntry.Kind.EXISTS)
                .map(JournalEntry::uid)
                .toList();
        assertThat(told).isEqualTo(uids);
        assertThat(one.mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(12);
    }

    /// Several of each wait for their ends together, and each process knows only its own part of the journal.
    @Test
    void deliveriesOfTwoProcessesHaveOneJournalWithoutGaps() {
        var inboxes = List.of(Samples.inbox(one), Samples.inbox(one));
        for (int round = 0; round < 4; round++) {
            for (var store : List.of(one, two)) {
                for (int i = 0; i < 6; i++) {
                    Samples.deliver(store.messages(), Samples.message(inboxes.get(i % 2), "message"));
                }
                inboxes.forEach(inbox -> store.messages().rows(inbox.id()));
            }
        }
        for (var inbox : inboxes) {
            var told = one.messages().journal(inbox.account(), null, 100);
            assertThat(told.stream().filter(e -> e.kind() == JournalEntry.Kind.EXISTS).map(JournalEntry::uid))
                    .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 24).boxed().toList());
            for (int i = 1; i < told.size(); i++) {
                assertThat(told.get(i).id().low()).isEqualTo(told.get(i - 1).id().low() + 1);
            }
        }
    }

    @Test
    void aMailboxThatAnotherProcessDeletedTakesNothing() {
        var inbox = Samples.inbox(one);
        var box = Samples.mailbox(one, inbox.account(), "box");
        one.messages().append(List.of(Samples.message(inbox, "x"), Samples.message(box, "y")));
        two.mailboxes().delete(box.id());
        assertThatThrownBy(() -> one.messages().append(List.of(Samples.message(box, "z")))).isInstanceOf(StoreException.Missing.class);
        assertThat(one.mailboxes().findId(inbox.account(), "box")).isEmpty();
        assertThat(one.messages().usage(inbox.account())).isEqualTo(two.messages().usage(inbox.account())).isEqualTo(1);
    }

    @Test
    void aMailboxThatAnotherProcessRenamedIsNotFoundUnderItsOldName() {
        var account = AccountId.next();
        Samples.mailbox(one, account, "INBOX");
        var box = Samples.mailbox(one, account, "box");
        assertThat(one.mailboxes().findId(account, "box")).contains(box.id());
        two.mailboxes().rename(List.of(new org.pintail.backend.Mailboxes.Renaming(box.id(), "other")));
        assertThat(one.mailboxes().findId(account, "box")).isEmpty();
        assertThat(one.mailboxes().findId(account, "other")).contains(box.id());
    }
}
