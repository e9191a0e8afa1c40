package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Threading.Newcomer;

/// What every [Messages] promises; with [MessageStepsContract] and [AccountSumsContract].
public interface MessagesContract extends MessageStepsContract, AccountSumsContract {
    private Messages messages() {
        return store().messages();
    }

    @Test
    default void anAppendToSeveralMailboxesHappensWhollyOrNotAtAll() {
        var account = AccountId.next();
        var a = Samples.mailbox(store(), account, "a");
        var gone = Samples.mailbox(store(), account, "gone");
        store().mailboxes().delete(gone.id());
        var before = messages().lastJournalEntry(account);
        assertThatThrownBy(() -> messages().append(List.of(Samples.message(a, "1"), Samples.message(gone, "2"))))
                .isInstanceOf(StoreException.Missing.class);
        assertThat(messages().rows(a.id())).isEmpty();
        assertThat(messages().usage(account)).isZero();
        assertThat(messages().lastJournalEntry(account)).isEqualTo(before);
        var b = Samples.mailbox(store(), account, "b");
        var rows = messages().append(List.of(Samples.message(a, "1"), Samples.message(b, "2"), Samples.message(a, "3")));
        assertThat(rows.stream().map(MessageRow::mailbox)).containsExactly(a.id(), b.id(), a.id());
        assertThat(rows.stream().map(MessageRow::uid)).containsExactly(1L, 1L, 2L);
        assertThat(rows.get(2).modSeq()).isGreaterThan(rows.get(0).modSeq());
    }

    @Test
    default void deliveriesAreSeenByWhoeverLooksThroughTheSameStore() {
        var inbox = Samples.inbox(store());
        for (int i = 1; i <= 5; i++) {
            var message = Samples.message(inbox, "1234");
            Samples.deliver(messages(), message);
            var rows = messages().rows(inbox.id());
            assertThat(rows).hasSize(i);
            assertThat(rows.getLast().id()).isEqualTo(message.id());
            assertThat(rows.getLast().uid()).isEqualTo(i);
            assertThat(rows.getLast().thread()).isEqualTo(message.thread());
            assertThat(messages().find(inbox.account(), message.id())).contains(rows.getLast());
        }
        Samples.deliver(messages(), Samples.message(inbox, "1234"));
        assertThat(messages().usage(inbox.account())).isEqualTo(24);
        Samples.deliver(messages(), Samples.message(inbox, "1234"));
        assertThat(store().mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(7);
        assertThat(messages().journal(inbox.account(), null, 100).stream().filter(e -> e.kind() == Kind.EXISTS).map(JournalEntry::uid))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    /// Whenever it is looked up: before anybody sees the message.
    @Test
    default void aDeliveryIsShownInTheThreadThatIsFoundForIt() {
        var inbox = Samples.inbox(store());
        var known = ObjectId.next();
        var asked = new ArrayList<Newcomer>();
        Threading threading = newcomers -> {
            asked.addAll(newcomers);
            return newcomers.stream()
                    .filter(n -> n.clues().subject().equals("known"))
                    .collect(Collectors.toMap(Newcomer::message, _ -> known));
        };
        var alone = Samples.message(inbox, "alone");
        var answer = Samples.message(inbox, "answer");
        messages().deliver(alone, new ThreadClues("other", "a", List.of()), threading);
        messages().deliver(answer, new ThreadClues("known", "b", List.of("a")), threading);
        assertThat(messages().rows(inbox.id()).stream().map(MessageRow::thread)).containsExactly(alone.thread(), known);
        assertThat(messages().journal(inbox.account(), null, 9).stream().filter(e -> e.kind() == Kind.EXISTS).map(JournalEntry::thread))
                .containsExactly(alone.thread(), known);
        assertThat(asked.stream().map(Newcomer::message)).containsExactly(alone.id(), answer.id());
        assertThat(asked.getLast().account()).isEqualTo(inbox.account());
        assertThat(asked.getLast().thread()).isEqualTo(answer.thread());
    }

    @Test
    default void aFullAccountRefusesDeliveries() {
        var full = Samples.inbox(store());
        var cut = Samples.uncut(Samples.ascii("12345"));
        Samples.deliver(messages(), Samples.message(full, cut, Bytes.EMPTY, 5, 6));
        Samples.deliver(messages(), Samples.message(full, cut, Bytes.EMPTY, 5, 6));
        assertThatThrownBy(() -> Samples.deliver(messages(), Samples.message(full, cut, Bytes.EMPTY, 5, 6)))
                .isInstanceOf(StoreException.OverQuota.class);
        assertThat(messages().rows(full.id())).hasSize(2);
        assertThat(messages().usage(full.account())).isEqualTo(10);
    }

    @Test
    default void aFullAccountRefusesTheWholeAppend() {
        var full = Samples.inbox(store());
        var other = Samples.inbox(store());
        messages().append(List.of(Samples.message(full, "12345")));
        var bytes = Samples.ascii("x");
        var cut = Samples.uncut(bytes);
        var refused = Samples.message(full, cut, Bytes.EMPTY, 1, 5);
        assertThatThrownBy(() -> messages().append(List.of(Samples.message(other, "1"), refused)))
                .isInstanceOf(StoreException.OverQuota.class);
        assertThat(messages().rows(other.id())).isEmpty();
        assertThat(messages().usage(full.account())).isEqualTo(5);
        messages().append(List.of(Samples.message(full, cut, Bytes.EMPTY, 1, 6)));
        assertThat(messages().usage(full.account())).isEqualTo(6);
    }

    @Test
    default void aMessageComesBackByteForByte() throws IOException {
        var inbox = Samples.inbox(store());
        var raw = new byte[70_000];
        new Random(5).nextBytes(raw);
        var row = messages().append(List.of(Samples.message(inbox, raw))).getFirst();
        assertThat(messages().open(row).readAll()).isEqualTo(raw);
        assertThat(messages().open(row).size()).isEqualTo(raw.length);
        assertThat(messages().open(row).read(10, 5)).isEqualTo(Arrays.copyOfRange(raw, 10, 15));
        var empty = messages().append(List.of(Samples.message(inbox, new byte[0]))).getFirst();
        assertThat(messages().open(empty).readAll()).isEmpty();
    }

    @Test
    default void theHeadStandsBeforeTheMessageInPieces() throws IOException {
        var inbox = Samples.inbox(store());
        var sample = Samples.inPieces(1);
        var head = Samples.ascii("Return-Path: <a@b>\r\n");
        var whole = Samples.join(head, sample.raw());
        var row = messages()
                .append(List.of(Samples.message(inbox, sample.cut(), Bytes.wrap(head), whole.length, 0)))
                .getFirst();
        var source = messages().open(row);
        assertThat(source.size()).isEqualTo(whole.length);
        assertThat(source.readAll()).isEqualTo(whole);
        assertThat(source.read(whole.length - 100, 1000))
                .isEqualTo(Arrays.copyOfRange(whole, whole.length - 100, whole.length));
    }

    @Test
    default void theRowAndTheRenderingsAreWhatWasAppended() {
        var inbox = Samples.inbox(store());
        var sent = Samples.message(inbox, "abc", "\\Flagged", "$Work");
        var row = messages().append(List.of(sent)).getFirst();
        assertThat(row.id()).isEqualTo(sent.id());
        assertThat(row.root()).isEqualTo(sent.id().value());
        assertThat(row.flags()).isEqualTo(Flags.of("\\Flagged", "$Work"));
        assertThat(row.size()).isEqualTo(3);
        assertThat(row.internalDate()).isEqualTo(sent.internalDate());
        assertThat(row.sentDate()).isEqualTo(sent.sentDate());
        assertThat(row.thread()).isEqualTo(sent.thread());
        assertThat(row.hasAttachments()).isFalse();
        assertThat(messages().row(inbox.id(), row.uid())).contains(row);
        assertThat(messages().find(inbox.account(), row.id())).contains(row);
        assertThat(messages().find(AccountId.next(), row.id())).isEmpty();
        var content = messages().content(row);
        assertThat(content.envelope()).isEqualTo(sent.envelope());
        assertThat(content.bodyStructure()).isEqualTo(sent.bodyStructure());
        assertThat(content.partMap()).isEqualTo(sent.partMap());
        assertThat(content.details()).isEqualTo(sent.details());
        assertThat(store().mailboxes().find(inbox.id()).orElseThrow().keywords()).containsExactly("$Work");
    }

    @Test
    default void severalAreReadTogetherWithoutThoseThatAreGone() throws IOException {
        var inbox = Samples.inbox(store());
        var other = Samples.mailbox(store(), inbox.account(), "other");
        var pieces = Samples.inPieces(2);
        var rows = messages().append(List.of(
                Samples.message(inbox, "one"), Samples.message(inbox, "two"), Samples.message(inbox, "three"), Samples.message(other, "four"),
                Samples.message(inbox, pieces.cut(), Bytes.EMPTY, pieces.raw().length, 0)));
        messages().expunge(inbox.id(), List.of(2L), null);
        var opened = messages().open(rows);
        assertThat(opened.keySet()).containsExactlyInAnyOrder(rows.get(0).id(), rows.get(2).id(), rows.get(3).id(), rows.get(4).id());
        assertThat(Objects.requireNonNull(opened.get(rows.get(2).id())).readAll()).isEqualTo(Samples.ascii("three"));
        assertThat(Objects.requireNonNull(opened.get(rows.get(4).id())).readAll()).isEqualTo(pieces.raw());
        var rendered = messages().renderings(rows);
        assertThat(rendered.keySet()).isEqualTo(opened.keySet());
        assertThat(rendered.get(rows.get(3).id())).isEqualTo(messages().renderings(rows.get(3)));
        assertThat(messages().open(List.of())).isEmpty();
    }

    @Test
    default void renderingsAreThoseOfTheContentHoweverLong() {
        for (int length : new int[] {10, 3000, 5000, 200_000}) {
            var message = Samples.message(Samples.inbox(store()), "Subject: x\r\n\r\n");
            var envelope = Bytes.wrap(Samples.ascii("(" + "e".repeat(length) + ")"));
            var row = messages().append(List.of(Samples.withEnvelope(message, envelope))).getFirst();
            var content = messages().content(row);
            assertThat(content.envelope()).isEqualTo(envelope);
            assertThat(messages().renderings(row)).isEqualTo(new Renderings(envelope, content.bodyStructure(), content.partMap()));
            messages().expunge(row.mailbox(), List.of(row.uid()), null);
            assertThatThrownBy(() -> messages().renderings(row)).isInstanceOf(StoreException.Missing.class);
        }
    }

    @Test
    default void rowsComeByRangeBothWays() {
        var inbox = Samples.inbox(store());
        for (int i = 0; i < 6; i++) {
            messages().append(List.of(Samples.message(inbox, "m" + i)));
        }
        messages().expunge(inbox.id(), List.of(3L), null);
        assertThat(uids(messages().rows(inbox.id()))).containsExactly(1L, 2L, 4L, 5L, 6L);
        assertThat(uids(messages().rows(inbox.id(), 2, 5, true, 2))).containsExactly(2L, 4L);
        assertThat(uids(messages().rows(inbox.id(), 2, 5, false, 2))).containsExactly(5L, 4L);
        assertThat(uids(messages().rows(inbox.id(), 5, 2, true, 9))).isEmpty();
        assertThat(uids(messages().rows(inbox.id(), 6, Long.MAX_VALUE, true, 9))).containsExactly(6L);
        assertThat(uids(messages().rows(inbox.id(), 7, Long.MAX_VALUE, false, 9))).isEmpty();
        assertThat(messages().row(inbox.id(), 3)).isEmpty();
    }

    private static List<Long> uids(List<MessageRow> rows) {
        return rows.stream().map(MessageRow::uid).toList();
    }

    @Test
    default void detailsChangeForOneMessageAndNotForItsCopies() {
        var inbox = Samples.inbox(store());
        var row = messages().append(List.of(Samples.message(inbox, "abc"))).getFirst();
        var copy = messages().copy(inbox.id(), List.of(row.uid()), inbox.id(), 0, null).getFirst().row();
        var before = store().mailboxes().find(inbox.id()).orElseThrow();
        var updated = messages().updateDetails(row, d -> d.with("metaData", "{}"));
        assertThat(updated.orElseThrow().details().string("metaData")).contains("{}");
        assertThat(messages().content(row).details().string("metaData")).contains("{}");
        assertThat(messages().content(copy).details().has("metaData")).isFalse();
        var all = messages().content(row).details();
        var some = messages().details(row, Set.of("metaData", "subject", "nothing"));
        assertThat(some.string("metaData")).contains("{}");
        assertThat(some.string("subject")).isEqualTo(all.string("subject"));
        assertThat(messages().details(copy, Set.of("metaData")).has("metaData")).isFalse();
        var described = messages().described(row, Set.of("metaData"));
        assertThat(described.details().string("metaData")).contains("{}");
        assertThat(described.renderings()).isEqualTo(messages().renderings(row));
        assertThat(store().mailboxes().find(inbox.id())).contains(before);
        messages().expunge(inbox.id(), List.of(row.uid()), null);
        assertThat(messages().updateDetails(row, d -> d)).isEmpty();
        assertThatThrownBy(() -> messages().content(row)).isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> messages().details(row, Set.of("subject"))).isInstanceOf(StoreException.Missing.class);
    }

    @Test
    default void theJournalTellsEveryStepInOrderWithItsSession() {
        var inbox = Samples.inbox(store());
        var trash = Samples.mailbox(store(), inbox.account(), "Trash");
        var start = messages().lastJournalEntry(inbox.account()).orElseThrow();
        var row = messages().append(List.of(Samples.message(inbox, "abc"))).getFirst();
        messages().changeFlags(inbox.id(), uid -> true, f -> f.plus(Flags.of("\\Seen")), Long.MAX_VALUE, "s2");
        messages().copy(inbox.id(), List.of(row.uid()), trash.id(), 0, "s3");
        messages().move(inbox.id(), List.of(row.uid()), trash.id(), "s4");
        messages().expunge(trash.id(), List.of(1L), "s5");
        var journal = messages().journal(inbox.account(), start, 100);
        assertThat(journal.stream().map(e -> e.kind() + " " + e.mailbox() + " " + e.uid() + " " + e.session()))
                .containsExactly(
                        Kind.EXISTS + " " + inbox.id() + " 1 session-1",
                        Kind.FETCH + " " + inbox.id() + " 1 s2",
                        Kind.EXISTS + " " + trash.id() + " 1 s3",
                        Kind.EXISTS + " " + trash.id() + " 2 s4",
                        Kind.EXPUNGE + " " + inbox.id() + " 1 s4",
                        Kind.EXPUNGE + " " + trash.id() + " 1 s5");
        assertThat(journal.get(0).message()).isEqualTo(row.id());
        assertThat(journal.get(0).thread()).isEqualTo(row.thread());
        assertThat(journal.get(1).flags()).isEqualTo(Flags.of("\\Seen"));
        assertThat(journal.get(1).unseenChange()).isTrue();
        assertThat(journal.stream().map(JournalEntry::id)).isSorted().doesNotHaveDuplicates();
        assertThat(messages().journal(inbox.account(), journal.get(1).id(), 2)).isEqualTo(journal.subList(2, 4));
        assertThat(messages().lastJournalEntry(inbox.account())).contains(journal.getLast().id());
        assertThat(messages().journal(AccountId.next(), null, 10)).isEmpty();
    }

    /// Of messages that went since as well; and several are one step.
    @Test
    default void aChangeOfFlagsIsToldWithTheMessage() {
        var inbox = Samples.inbox(store());
        var trash = Samples.mailbox(store(), inbox.account(), "Trash");
        var rows = messages().append(List.of(Samples.message(inbox, "1"), Samples.message(inbox, "2"), Samples.message(inbox, "3")));
        var start = messages().lastJournalEntry(inbox.account()).orElseThrow();
        messages().changeFlags(inbox.id(), List.of(1L, 2L, 3L), f -> f.plus(Flags.of("\\Seen")), Long.MAX_VALUE, null);
        messages().expunge(inbox.id(), List.of(1L), null);
        messages().changeFlags(inbox.id(), List.of(2L, 3L), f -> f.plus(Flags.of("\\Flagged")), Long.MAX_VALUE, null);
        messages().move(inbox.id(), List.of(2L), trash.id(), null);
        var flagged = messages().journal(inbox.account(), start, 100).stream().filter(e -> e.kind() == Kind.FETCH).toList();
        assertThat(flagged.stream().map(JournalEntry::uid)).containsExactly(1L, 2L, 3L, 2L, 3L);
        for (var entry : flagged) {
            var row = rows.get((int) entry.uid() - 1);
            assertThat(entry.message()).isEqualTo(row.id());
            assertThat(entry.thread()).isEqualTo(row.thread());
        }
    }

    @Test
    default void deletingAnAccountLeavesNothingOfIt() {
        var inbox = Samples.inbox(store());
        var other = Samples.inbox(store());
        messages().append(List.of(Samples.message(inbox, "abc"), Samples.message(other, "abcd")));
        messages().deleteAll(inbox.account());
        assertThat(store().mailboxes().list(inbox.account())).isEmpty();
        assertThat(store().mailboxes().find(inbox.id())).isEmpty();
        assertThat(messages().usage(inbox.account())).isZero();
        assertThat(messages().journal(inbox.account(), null, 10)).isEmpty();
        assertThat(messages().usage(other.account())).isEqualTo(4);
    }

    @Test
    default void appendsFromManyThreadsGetEveryUidOnce() throws InterruptedException {
        var inbox = Samples.inbox(store());
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 10; i++) {
                    messages().append(List.of(Samples.message(inbox, "abc")));
                }
            }));
        }
        for (var t : threads) {
            t.join();
        }
        var rows = messages().rows(inbox.id());
        assertThat(uids(rows)).hasSize(80).isSorted().doesNotHaveDuplicates().endsWith(80L);
        assertThat(rows.stream().map(MessageRow::modSeq)).isSorted().doesNotHaveDuplicates();
        assertThat(messages().usage(inbox.account())).isEqualTo(240);
    }
}
