package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;

/// One change makes one mailbox be read (RFC 5465 leaves open how it is found out).
class NotifyWatchTest {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
    private final Account alice = mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
    private final Semaphore wakes = new Semaphore(0);
    private final NotifyWatch watch = new NotifyWatch(store, "mine", wakes::release);

    @BeforeEach
    void begin() throws InterruptedException {
        watch.add(alice.id());
        assertThat(watch.woken()).as("what was read before may be old").isTrue();
        watch.skip();
        wakes.drainPermits();
    }

    private Mailbox mailbox(String path) {
        return mail.folders().find(alice.id(), path).orElseThrow();
    }

    private void append(String path, @Nullable String session) throws InterruptedException {
        var placement = new Mailstore.Placement(
                alice, mailbox(path).id(), Flags.NONE, null, new byte[0], Document.EMPTY, false, session);
        mail.mailstore().append(Source.of("Subject: x\r\n\r\nx\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)), placement);
        woken();
    }

    private void woken() throws InterruptedException {
        assertThat(wakes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.woken()).isTrue();
    }

    @Test
    void messagesAreLookedForInTheirMailboxAlone() throws InterruptedException {
        append("INBOX", "another");
        assertThat(watch.changed(false)).contains(Map.of(mailbox("INBOX").id(), false));
        assertThat(watch.woken()).isFalse();
    }

    @Test
    void whatTheSessionDidItselfIsMarked() throws InterruptedException {
        append("Drafts", "mine");
        assertThat(watch.changed(false)).contains(Map.of(mailbox("Drafts").id(), true));
        append("Drafts", "mine");
        append("Drafts", null);
        assertThat(watch.changed(true)).contains(Map.of(mailbox("Drafts").id(), false));
    }

    @Test
    void mailboxesThatComeOrGoMakeAllBeRead() throws InterruptedException {
        store.mailboxes().create(new Mailboxes.New(alice.id(), "new", null, false, false, false, 0));
        woken();
        assertThat(watch.changed(false)).isEmpty();
    }

    @Test
    void aWakeWithoutAnEntryMakesAllBeReadUnlessThatComesAnyway() throws InterruptedException {
        store.events().publish(alice.id());
        woken();
        assertThat(watch.changed(false)).isEmpty();
        store.events().publish(alice.id());
        woken();
        assertThat(watch.changed(true)).contains(Map.of());
    }

    @Test
    void moreThanItReadsOfAJournalMakesAllBeRead() throws InterruptedException {
        append("INBOX", null);
        var uid = store.messages().rows(mailbox("INBOX").id()).getFirst().uid();
        for (int i = 0; i < 500; i++) {
            var flags = i % 2 == 0 ? Flags.of("\\Seen") : Flags.NONE;
            store.messages().changeFlags(mailbox("INBOX").id(), List.of(uid), _ -> flags, Long.MAX_VALUE, null);
        }
        assertThat(watch.changed(false)).isEmpty();
    }

    @Test
    void otherAccountsAreHeardOfOnceTheyAreAdded() throws InterruptedException {
        var bob = mail.accounts().create(Accounts.New.of("bob", "secret", "bob@example.org"));
        watch.add(bob.id());
        watch.skip();
        wakes.drainPermits();
        store.events().publish(bob.id());
        woken();
        watch.close();
        store.events().publish(AccountId.next());
        assertThat(watch.woken()).isFalse();
    }
}
