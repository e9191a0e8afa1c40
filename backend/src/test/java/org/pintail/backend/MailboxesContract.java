package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Mailboxes.Changes;
import org.pintail.backend.Mailboxes.New;
import org.pintail.backend.Mailboxes.Renaming;

/// What every [Mailboxes] promises.
public interface MailboxesContract extends EngineUnderTest {
    private Mailboxes mailboxes() {
        return store().mailboxes();
    }

    private List<String> paths(AccountId account) {
        return mailboxes().list(account).stream().map(Mailbox::path).toList();
    }

    @Test
    default void aPathIsTakenOncePerAccount() {
        var account = AccountId.next();
        Samples.mailbox(store(), account, "INBOX");
        assertThatThrownBy(() -> Samples.mailbox(store(), account, "INBOX")).isInstanceOf(StoreException.Duplicate.class);
        Samples.mailbox(store(), AccountId.next(), "INBOX");
        assertThat(paths(account)).containsExactly("INBOX");
    }

    @Test
    default void whatIsNotThereIsMissing() {
        var nowhere = MailboxId.next();
        assertThat(mailboxes().find(nowhere)).isEmpty();
        assertThat(mailboxes().find(AccountId.next(), "INBOX")).isEmpty();
        assertThat(mailboxes().list(AccountId.next())).isEmpty();
        assertThatThrownBy(() -> mailboxes().delete(nowhere)).isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> mailboxes().update(nowhere, new Changes(true, null, null, null)))
                .isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> mailboxes().rename(List.of(new Renaming(nowhere, "x"))))
                .isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> store().messages().changes(nowhere, 0)).isInstanceOf(StoreException.Missing.class);
    }

    @Test
    default void aNewMailboxIsEmptyAndFoundAgain() {
        var account = AccountId.next();
        var made = mailboxes().create(new New(account, "Sent", "\\Sent", true, true, false, 5000));
        assertThat(made.uidNext()).isEqualTo(1);
        assertThat(made.highestModSeq()).isEqualTo(1);
        assertThat(List.of(made.messages(), made.unseen(), made.size())).containsOnly(0L);
        assertThat(made.specialUse()).isEqualTo("\\Sent");
        assertThat(made.retention()).isEqualTo(5000);
        assertThat(made.subscribed()).isTrue();
        assertThat(made.hidden()).isTrue();
        assertThat(mailboxes().find(made.id())).contains(made);
        assertThat(mailboxes().find(account, "Sent")).contains(made);
    }

    @Test
    default void anUpdateChangesWhatItNames() {
        var made = Samples.inbox(store());
        var updated = mailboxes().update(made.id(), new Changes(false, null, null, 7L));
        assertThat(updated.subscribed()).isFalse();
        assertThat(updated.retention()).isEqualTo(7);
        assertThat(updated.hidden()).isEqualTo(made.hidden());
        assertThat(mailboxes().find(made.id())).contains(updated);
    }

    /// RFC 9051 §2.3.1.1: the same name again must have a greater UIDVALIDITY.
    @Test
    default void uidValidityOfAPathIsNeverUsedAgain() {
        var account = AccountId.next();
        var seen = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            var made = Samples.mailbox(store(), account, "again");
            seen.add(made.uidValidity());
            mailboxes().delete(made.id());
        }
        assertThat(seen).doesNotHaveDuplicates().isSorted();
    }

    @Test
    default void uidValidityIsNewAlsoWhereARenamedMailboxTakesAnOldPath() {
        var account = AccountId.next();
        var first = Samples.mailbox(store(), account, "a");
        var second = Samples.mailbox(store(), account, "b");
        mailboxes().delete(first.id());
        mailboxes().rename(List.of(new Renaming(second.id(), "a")));
        var there = mailboxes().find(account, "a").orElseThrow();
        assertThat(there.id()).isEqualTo(second.id());
        assertThat(there.uidValidity()).isNotEqualTo(first.uidValidity());
    }

    @Test
    default void aRenameMovesChildrenInOneStep() {
        var account = AccountId.next();
        var parent = Samples.mailbox(store(), account, "a");
        var child = Samples.mailbox(store(), account, "a/b");
        store().messages().append(List.of(Samples.message(child, "x")));
        mailboxes().rename(List.of(new Renaming(parent.id(), "c"), new Renaming(child.id(), "c/b")));
        assertThat(paths(account)).containsExactly("c", "c/b");
        assertThat(mailboxes().find(account, "a")).isEmpty();
        assertThat(mailboxes().findId(account, "a")).isEmpty();
        assertThat(mailboxes().findId(account, "c")).contains(parent.id());
        var there = mailboxes().find(account, "c/b").orElseThrow();
        assertThat(there.messages()).isEqualTo(1);
        assertThat(there.uidValidity()).isEqualTo(child.uidValidity());
    }

    @Test
    default void twoMailboxesMaySwapTheirPaths() {
        var account = AccountId.next();
        var a = Samples.mailbox(store(), account, "a");
        var b = Samples.mailbox(store(), account, "b");
        mailboxes().rename(List.of(new Renaming(a.id(), "b"), new Renaming(b.id(), "a")));
        assertThat(mailboxes().find(account, "a").orElseThrow().id()).isEqualTo(b.id());
        assertThat(mailboxes().find(account, "b").orElseThrow().id()).isEqualTo(a.id());
    }

    /// RFC 9051 §6.3.6: a name that is there for its children only may go below itself.
    @Test
    default void mailboxesBelowAPathWithoutAMailboxMayMoveToWhereOneOfThemIs() {
        var account = AccountId.next();
        var a = Samples.mailbox(store(), account, "p/a");
        var deep = Samples.mailbox(store(), account, "p/p/a");
        mailboxes().rename(List.of(new Renaming(a.id(), "p/p/a"), new Renaming(deep.id(), "p/p/p/a")));
        assertThat(paths(account)).containsExactly("p/p/a", "p/p/p/a");
        assertThat(mailboxes().find(account, "p/p/a").orElseThrow().id()).isEqualTo(a.id());
        assertThat(mailboxes().find(account, "p/p/p/a").orElseThrow().id()).isEqualTo(deep.id());
    }

    @Test
    default void aRenameThatFailsChangesNothing() {
        var account = AccountId.next();
        var a = Samples.mailbox(store(), account, "a");
        var child = Samples.mailbox(store(), account, "a/x");
        Samples.mailbox(store(), account, "b/x");
        var before = store().messages().lastJournalEntry(account);
        assertThatThrownBy(() ->
                        mailboxes().rename(List.of(new Renaming(a.id(), "b"), new Renaming(child.id(), "b/x"))))
                .isInstanceOf(StoreException.Duplicate.class);
        assertThatThrownBy(() -> mailboxes()
                        .rename(List.of(new Renaming(a.id(), "z"), new Renaming(MailboxId.next(), "z/x"))))
                .isInstanceOf(StoreException.Missing.class);
        assertThat(paths(account)).containsExactly("a", "a/x", "b/x");
        assertThat(store().messages().lastJournalEntry(account)).isEqualTo(before);
    }

    @Test
    default void aDeletedMailboxTakesItsMessagesAndTheirUsageAlong() {
        var account = AccountId.next();
        var kept = Samples.mailbox(store(), account, "INBOX");
        var gone = Samples.mailbox(store(), account, "gone");
        store().messages().append(List.of(Samples.message(kept, "12345")));
        var row = store().messages().append(List.of(Samples.message(gone, "123"))).getFirst();
        assertThat(store().messages().usage(account)).isEqualTo(8);
        mailboxes().delete(gone.id());
        assertThat(mailboxes().find(gone.id())).isEmpty();
        assertThat(store().messages().usage(account)).isEqualTo(5);
        assertThat(store().messages().find(account, row.id())).isEmpty();
        assertThatThrownBy(() -> store().messages().append(List.of(Samples.message(gone, "123"))))
                .isInstanceOf(StoreException.Missing.class);
    }

    @Test
    default void theJournalTellsOfMailboxes() {
        var account = AccountId.next();
        var made = Samples.mailbox(store(), account, "a");
        mailboxes().rename(List.of(new Renaming(made.id(), "b")));
        mailboxes().delete(made.id());
        var journal = store().messages().journal(account, null, 100);
        assertThat(journal.stream().map(JournalEntry::kind)).containsExactly(Kind.CREATE, Kind.RENAME, Kind.DELETE);
        assertThat(journal).allMatch(e -> e.mailbox().equals(made.id()) && e.account().equals(account));
        assertThat(journal.get(0).path()).isEqualTo("a");
        assertThat(journal.get(1).path()).isEqualTo("b");
    }
}
