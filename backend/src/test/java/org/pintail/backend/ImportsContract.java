package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.MailboxChanges.Expunged;

/// What every [Imports] and every `check` promises.
public interface ImportsContract extends EngineUnderTest {
    private Imports imports() {
        return store().imports();
    }

    private static Mailbox was(AccountId account, String path) {
        return new Mailbox(
                MailboxId.next(), account, path, "\\Sent", 1234, 50, 900, true, false, false, 5, List.of("$Work", "k"), 7, 7, 7);
    }

    private static Imports.Restored restored(NewMessage m, long uid, long modSeq) {
        return new Imports.Restored(m, uid, modSeq, ObjectId.next());
    }

    @Test
    default void aMessageGoesNowhereWithoutItsMailbox() {
        var nowhere = was(AccountId.next(), "a");
        assertThatThrownBy(() -> imports().messages(List.of(restored(Samples.message(nowhere, "x"), 1, 2))))
                .isInstanceOf(StoreException.Missing.class);
    }

    @Test
    default void aMailboxComesAsItWasButEmpty() {
        var was = was(AccountId.next(), "a");
        imports().mailbox(was);
        imports().mailbox(was);
        var is = store().mailboxes().find(was.id()).orElseThrow();
        assertThat(is).isEqualTo(new Mailbox(
                was.id(), was.account(), "a", "\\Sent", 1234, 50, 900, true, false, false, 5, List.of("$Work", "k"), 0, 0, 0));
        assertThatThrownBy(() -> imports().mailbox(was(was.account(), "a"))).isInstanceOf(StoreException.Duplicate.class);
        assertThat(store().mailboxes().find(was.account(), "a")).contains(is);
        assertThat(Samples.mailbox(store(), was.account(), "b").uidValidity()).isGreaterThan(1234);
    }

    @Test
    default void messagesComeToTheirPlacesOnce() throws IOException {
        var box = was(AccountId.next(), "a");
        imports().mailbox(box);
        var sample = Samples.inPieces(21);
        var first = restored(sample.message(box, "\\Seen", "$Work"), 7, 800);
        var second = restored(Samples.message(box, "abc"), 9, 20);
        assertThat(imports().messages(List.of(second))).isEqualTo(1);
        assertThat(imports().messages(List.of(first, second))).isEqualTo(1);
        var rows = store().messages().rows(box.id());
        assertThat(rows.stream().map(MessageRow::uid)).containsExactly(7L, 9L);
        var row = rows.getFirst();
        assertThat(row.id()).isEqualTo(first.message().id());
        assertThat(row.modSeq()).isEqualTo(800);
        assertThat(row.root()).isEqualTo(first.root());
        assertThat(row.flags()).isEqualTo(Flags.of("\\Seen", "$Work"));
        assertThat(row.internalDate()).isEqualTo(first.message().internalDate());
        assertThat(store().messages().open(row).readAll()).isEqualTo(sample.raw());
        assertThat(store().messages().content(row).details()).isEqualTo(first.message().details());
        assertThat(store().messages().find(box.account(), row.id())).contains(row);
        assertThat(store().attachments().references(sample.decodedHex())).isEqualTo(1);
        var now = store().mailboxes().find(box.id()).orElseThrow();
        assertThat(List.of(now.messages(), now.unseen(), now.size())).containsExactly(2L, 1L, sample.raw().length + 3L);
        assertThat(store().messages().usage(box.account())).isEqualTo(sample.raw().length + 3L);
        assertThat(store().messages().journal(box.account(), null, 10)).isEmpty();
    }

    @Test
    default void workGoesOnWhereItWas() {
        var box = was(AccountId.next(), "a");
        imports().mailbox(box);
        imports().messages(List.of(restored(Samples.message(box, "abc"), 9, 20), restored(Samples.message(box, "d"), 10, 850)));
        imports().expunged(box.id(), List.of(new Expunged(8, 30), new Expunged(3, 899)));
        imports().expunged(box.id(), List.of(new Expunged(8, 30), new Expunged(3, 899)));
        var changes = store().messages().changes(box.id(), 25);
        assertThat(changes.uids()).containsExactly(10L);
        assertThat(changes.expunged()).containsExactly(new Expunged(3, 899), new Expunged(8, 30));
        assertThat(changes.highestModSeq()).isEqualTo(900);
        var row = store().messages().append(List.of(Samples.message(box, "new"))).getFirst();
        assertThat(row.uid()).isEqualTo(50);
        assertThat(row.modSeq()).isEqualTo(901);
        assertThat(store().mailboxes().find(box.id()).orElseThrow().messages()).isEqualTo(3);
    }

    @Test
    default void aStoreThatAgreesWithItselfHasNoProblems() {
        var box = was(AccountId.next(), "a");
        imports().mailbox(box);
        imports().messages(List.of(restored(Samples.inPieces(22).message(box), 9, 20)));
        var inbox = Samples.inbox(store());
        store().messages().append(List.of(Samples.inPieces(22).message(inbox), Samples.message(inbox, "x")));
        store().messages().copy(inbox.id(), List.of(1L), inbox.id(), 0, null);
        store().messages().expunge(inbox.id(), List.of(1L), null);
        store().mailboxes().find(box.id());
        var problems = new ArrayList<String>();
        assertThat(store().check(false, problems::add)).isZero();
        assertThat(problems).isEmpty();
    }
}
