package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.MailboxChanges.Expunged;

/// What every [Messages] promises about flags, copy, move, expunge and changes.
public interface MessageStepsContract extends EngineUnderTest {
    private Messages messages() {
        return store().messages();
    }

    private MessageRow append(Mailbox in, String... flags) {
        return messages().append(List.of(Samples.message(in, "abc", flags))).getFirst();
    }

    private long modSeq(Mailbox of) {
        return store().mailboxes().find(of.id()).orElseThrow().highestModSeq();
    }

    /// RFC 9051 §2.3.1.1: UIDs strictly ascend and are never reused.
    @Test
    default void theUidOfAMessageThatLeftIsNotReused() {
        var a = Samples.inbox(store());
        var b = Samples.mailbox(store(), a.account(), "b");
        append(a);
        messages().expunge(a.id(), List.of(1L), null);
        assertThat(append(a).uid()).isEqualTo(2);
        messages().move(a.id(), List.of(2L), b.id(), null);
        assertThat(append(a).uid()).isEqualTo(3);
        var copied = messages().copy(a.id(), List.of(3L), a.id(), 0, null);
        assertThat(copied.getFirst().row().uid()).isEqualTo(4);
        messages().expunge(a.id(), List.of(3L, 4L), null);
        assertThat(append(a).uid()).isEqualTo(5);
        assertThat(store().mailboxes().find(a.id()).orElseThrow().uidNext()).isEqualTo(6);
    }

    /// RFC 7162 §3.1: mod-sequences strictly ascend.
    @Test
    default void everyStepRaisesTheModSeq() {
        var a = Samples.inbox(store());
        var b = Samples.mailbox(store(), a.account(), "b");
        long last = modSeq(a);
        assertThat(append(a).modSeq()).isGreaterThan(last);
        append(a);
        last = modSeq(a);
        messages().changeFlags(a.id(), uid -> uid == 1, f -> f.plus(Flags.of("\\Seen")), Long.MAX_VALUE, null);
        assertThat(modSeq(a)).isGreaterThan(last);
        last = modSeq(a);
        messages().move(a.id(), List.of(1L), b.id(), null);
        assertThat(modSeq(a)).isGreaterThan(last);
        assertThat(messages().rows(b.id()).getFirst().modSeq()).isEqualTo(modSeq(b)).isGreaterThan(1);
        last = modSeq(a);
        messages().expunge(a.id(), List.of(2L), null);
        assertThat(modSeq(a)).isGreaterThan(last);
    }

    @Test
    default void aStepThatFindsNothingToDoChangesNothing() {
        var a = Samples.inbox(store());
        append(a, "\\Seen");
        var before = store().mailboxes().find(a.id()).orElseThrow();
        var journal = messages().lastJournalEntry(a.account());
        var seen = Flags.of("\\Seen");
        assertThat(messages().changeFlags(a.id(), uid -> true, f -> f.plus(seen), Long.MAX_VALUE, null).changed())
                .isEmpty();
        assertThat(messages().changeFlags(a.id(), uid -> false, f -> Flags.NONE, Long.MAX_VALUE, null).changed())
                .isEmpty();
        assertThat(messages().expunge(a.id(), List.of(7L), null)).isEmpty();
        assertThat(messages().copy(a.id(), List.of(7L), a.id(), 0, null)).isEmpty();
        assertThat(messages().move(a.id(), List.of(7L), a.id(), null)).isEmpty();
        assertThat(store().mailboxes().find(a.id())).contains(before);
        assertThat(messages().lastJournalEntry(a.account())).isEqualTo(journal);
    }

    @Test
    default void stepsOnAMailboxThatIsGoneAreRefused() {
        var a = Samples.inbox(store());
        append(a);
        var gone = MailboxId.next();
        assertThatThrownBy(() -> messages().copy(a.id(), List.of(1L), gone, 0, null))
                .isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> messages().move(a.id(), List.of(1L), gone, null))
                .isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> messages().changeFlags(gone, uid -> true, f -> f, 1, null))
                .isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> messages().expunge(gone, List.of(1L), null))
                .isInstanceOf(StoreException.Missing.class);
        assertThat(messages().rows(a.id())).hasSize(1);
    }

    @Test
    default void allMessagesOfOneFlagChangeShareAModSeq() {
        var a = Samples.inbox(store());
        append(a);
        append(a, "\\Deleted");
        append(a);
        var result = messages()
                .changeFlags(a.id(), uid -> uid != 3, f -> f.minus(Flags.of("\\Deleted")).plus(Flags.of("k")), 99, null);
        assertThat(result.changed().stream().map(NewFlags::uid)).containsExactly(1L, 2L);
        assertThat(result.changed().stream().map(NewFlags::modSeq)).containsOnly(modSeq(a));
        assertThat(result.changed().stream().map(NewFlags::flags)).containsOnly(Flags.of("k"));
        var row = messages().row(a.id(), 2).orElseThrow();
        assertThat(NewFlags.of(row)).isEqualTo(result.changed().get(1));
        assertThat(messages().find(a.account(), row.id())).contains(row);
        assertThat(messages().rows(a.id()).get(1)).isEqualTo(row);
    }

    /// A few messages far from each other, or most of many.
    @Test
    default void flagsChangeOnTheNamedMessagesThatAreThere() {
        var a = Samples.inbox(store());
        for (int i = 0; i < 40; i++) {
            append(a);
        }
        messages().expunge(a.id(), List.of(7L, 20L), null);
        var seen = Flags.of("\\Seen");
        var few = messages().changeFlags(a.id(), List.of(40L, 7L, 2L, 2L, 41L), f -> seen, Long.MAX_VALUE, null);
        assertThat(few.changed().stream().map(NewFlags::uid)).containsExactly(2L, 40L);
        var many = java.util.stream.LongStream.rangeClosed(5, 35).filter(uid -> uid != 9).boxed().toList();
        var done = messages().changeFlags(a.id(), many, f -> seen, Long.MAX_VALUE, null);
        assertThat(done.changed().stream().map(NewFlags::uid))
                .containsExactlyElementsOf(many.stream().filter(uid -> uid != 7 && uid != 20).toList());
        assertThat(messages().row(a.id(), 9).orElseThrow().flags()).isEqualTo(Flags.NONE);
        assertThat(messages().row(a.id(), 36).orElseThrow().flags()).isEqualTo(Flags.NONE);
        assertThat(messages().changeFlags(a.id(), List.of(), f -> seen, Long.MAX_VALUE, null).changed()).isEmpty();
    }

    /// RFC 7162 §3.1.3: what changed after UNCHANGEDSINCE is left alone and reported.
    @Test
    default void rowsChangedSinceAreLeftAndReported() {
        var a = Samples.inbox(store());
        append(a);
        append(a);
        long known = modSeq(a);
        messages().changeFlags(a.id(), uid -> uid == 2, f -> Flags.of("\\Answered"), Long.MAX_VALUE, null);
        var result = messages().changeFlags(a.id(), uid -> true, f -> f.plus(Flags.of("\\Seen")), known, null);
        assertThat(result.changed().stream().map(NewFlags::uid)).containsExactly(1L);
        assertThat(result.modified()).containsExactly(2L);
        assertThat(messages().row(a.id(), 2).orElseThrow().flags()).isEqualTo(Flags.of("\\Answered"));
    }

    @Test
    default void aCopySharesTheContentAndKeepsTheRoot() throws IOException {
        var a = Samples.inbox(store());
        var b = Samples.mailbox(store(), a.account(), "b");
        append(a, "\\Seen", "k");
        append(a);
        var copied = messages().copy(a.id(), List.of(2L, 9L, 1L), b.id(), 0, null);
        assertThat(copied.stream().map(Messages.Copied::uid)).containsExactly(1L, 2L);
        assertThat(copied.stream().map(c -> c.row().uid())).containsExactly(1L, 2L);
        var original = messages().row(a.id(), 1).orElseThrow();
        var copy = messages().row(b.id(), 1).orElseThrow();
        assertThat(copy).isEqualTo(copied.getFirst().row());
        assertThat(copy.id()).isNotEqualTo(original.id());
        assertThat(copy.root()).isEqualTo(original.root());
        assertThat(copy.content()).isEqualTo(original.content());
        assertThat(copy.flags()).isEqualTo(original.flags());
        assertThat(copy.internalDate()).isEqualTo(original.internalDate());
        messages().expunge(a.id(), List.of(1L), null);
        assertThat(messages().open(copy).readAll()).isEqualTo(Samples.ascii("abc"));
        assertThat(messages().content(copy).envelope().size()).isPositive();
    }

    @Test
    default void aCopyIsRefusedWhenTheAccountIsFull() {
        var a = Samples.inbox(store());
        append(a);
        assertThatThrownBy(() -> messages().copy(a.id(), List.of(1L), a.id(), 3, null))
                .isInstanceOf(StoreException.OverQuota.class);
        assertThat(messages().usage(a.account())).isEqualTo(3);
        messages().copy(a.id(), List.of(1L), a.id(), 4, null);
        assertThat(messages().usage(a.account())).isEqualTo(6);
    }

    @Test
    default void aMoveTakesTheMessageOutOfItsMailbox() throws IOException {
        var a = Samples.inbox(store());
        var b = Samples.mailbox(store(), a.account(), "b");
        var before = append(a);
        var moved = messages().move(a.id(), List.of(1L), b.id(), null).getFirst();
        assertThat(moved.uid()).isEqualTo(1);
        assertThat(moved.row().root()).isEqualTo(before.root());
        assertThat(messages().rows(a.id())).isEmpty();
        assertThat(messages().find(a.account(), before.id())).isEmpty();
        assertThat(messages().find(a.account(), moved.row().id())).contains(moved.row());
        assertThat(messages().open(moved.row()).readAll()).isEqualTo(Samples.ascii("abc"));
        var again = messages().move(b.id(), List.of(1L), b.id(), null).getFirst();
        assertThat(messages().rows(b.id())).containsExactly(again.row());
        assertThat(again.row().uid()).isEqualTo(2);
    }

    @Test
    default void expungedUidsAreRememberedForChanges() {
        var a = Samples.inbox(store());
        for (int i = 0; i < 4; i++) {
            append(a);
        }
        long known = modSeq(a);
        assertThat(messages().expunge(a.id(), List.of(3L, 1L, 8L), null)).containsExactly(1L, 3L);
        messages().changeFlags(a.id(), uid -> uid == 4, f -> Flags.of("\\Seen"), Long.MAX_VALUE, null);
        append(a);
        var changes = messages().changes(a.id(), known);
        assertThat(changes.uids()).containsExactly(4L, 5L);
        assertThat(changes.expunged().stream().map(Expunged::uid)).containsExactly(1L, 3L);
        assertThat(changes.expunged()).allMatch(e -> e.modSeq() > known);
        assertThat(changes.highestModSeq()).isEqualTo(modSeq(a));
        assertThat(changes.uidNext()).isEqualTo(6);
        var later = messages().changes(a.id(), changes.highestModSeq());
        assertThat(later.uids()).isEmpty();
        assertThat(later.expunged()).isEmpty();
        assertThat(messages().changes(a.id(), 0).changed().stream().map(MessageRow::uid)).containsExactly(2L, 4L, 5L);
    }

    @Test
    default void aSourceOpenedBeforeAnExpungeStaysReadable() throws IOException {
        var a = Samples.inbox(store());
        var sample = Samples.inPieces(3);
        var row = messages().append(List.of(sample.message(a))).getFirst();
        var source = messages().open(row);
        messages().expunge(a.id(), List.of(1L), null);
        assertThat(source.readAll()).isEqualTo(sample.raw());
    }
}
