package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Mailboxes.Renaming;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Samples;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;
import org.pintail.backend.ThreadClues;

/// A process dies before its first command of a step, before its second, and so on; another process finds what it left. Whatever the
/// point was, the step has happened wholly or not at all, counters agree with what they count, and work goes on. Or it freezes there, and goes
/// on when another has dealt with what it left: what it then says is true.
class CrashPointsTest {
    private static final Duration HELPING = Duration.ofMillis(150);
    private final TestClock clock = new TestClock();
    private final TestServer server = TestServer.start();
    private final AtomicInteger untilDeath = new AtomicInteger();
    private final AtomicInteger untilFrozen = new AtomicInteger();
    private MongoStore dying;
    private MongoStore other;

    /// Passes everything that catches exceptions, as the end of a process does.
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death() {
            super("the process ends here", null, false, false);
        }
    }

    @BeforeEach
    void open() {
        dying = server.open(server.settings(HELPING), clock, new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (untilDeath.get() > 0 && untilDeath.decrementAndGet() == 0) {
                    throw new Death();
                }
                if (untilFrozen.get() > 0 && untilFrozen.decrementAndGet() == 0) {
                    othersFinish();
                }
            }
        });
        other = server.open(server.settings(HELPING), clock, null);
    }

    @AfterEach
    void close() {
        untilDeath.set(0);
        dying.close();
        server.close(other);
    }

    /// Two mailboxes of an account, one with three messages.
    private record Scene(AccountId account, Mailbox inbox, Mailbox box) {
        static Scene of(Store store, int seed) {
            var account = AccountId.next();
            var user = Document.of("_id", account.value(), "username", account.hex(), "unameview", account.hex(), "storageUsed", 0);
            store.documents().insert(new org.pintail.backend.Collection("users", List.of()), user);
            var inbox = Samples.mailbox(store, account, "INBOX");
            var box = Samples.mailbox(store, account, "box");
            store.messages().append(List.of(
                    Samples.inPieces(seed).message(inbox), Samples.message(inbox, "two", "\\Seen"), Samples.message(inbox, "three")));
            return new Scene(account, inbox, box);
        }
    }

    /// Runs `work` with death at every command of it in turn; `check` looks at what the other process sees afterwards.
    private void atEveryPoint(Consumer<Scene> work, Consumer<Scene> check) throws InterruptedException {
        for (int point = 1;; point++) {
            var scene = Scene.of(dying, 1000 + point);
            untilDeath.set(point);
            boolean died = false;
            try {
                work.accept(scene);
            } catch (Death expected) {
                died = true;
            }
            died |= untilDeath.getAndSet(0) == 0; // on a thread of the store's own
            if (died) {
                Thread.sleep(10);
                other.tidy();
                Thread.sleep(HELPING.toMillis() + 50);
                other.tidy();
            }
            check.accept(scene);
            agrees(scene);
            goesOn(scene);
            if (!died) {
                assertThat(point).as("the step takes commands").isGreaterThan(3);
                return;
            }
        }
    }

    private void othersFinish() {
        try {
            other.tidy();
            Thread.sleep(HELPING.toMillis() + 50);
            other.tidy();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What is said to the one whose step it was, and whether the step is there.
    private interface Said {
        void check(Scene scene, boolean acknowledged);
    }

    /// Runs `work` frozen before every command of it in turn.
    private void frozenAtEveryPoint(Consumer<Scene> work, Said check) {
        for (int point = 1;; point++) {
            var scene = Scene.of(dying, 2000 + point);
            untilFrozen.set(point);
            boolean acknowledged = true;
            try {
                work.accept(scene);
            } catch (StoreException late) {
                acknowledged = false;
            }
            boolean froze = untilFrozen.getAndSet(0) == 0;
            othersFinish();
            check.check(scene, acknowledged);
            agrees(scene);
            goesOn(scene);
            if (!froze) {
                assertThat(acknowledged).as("nothing was in the way").isTrue();
                return;
            }
        }
    }

    @Test
    void anAppendThatFreezes() {
        frozenAtEveryPoint(
                s -> dying.messages().append(List.of(Samples.inPieces(8).message(s.inbox()), Samples.message(s.box(), "b"))),
                (s, acknowledged) -> {
                    assertThat(uids(s.inbox())).hasSize(acknowledged ? 4 : 3);
                    assertThat(uids(s.box())).hasSize(acknowledged ? 1 : 0);
                });
    }

    @Test
    void anExpungeThatFreezes() {
        frozenAtEveryPoint(
                s -> dying.messages().expunge(s.inbox().id(), List.of(1L, 3L), null),
                (s, acknowledged) -> assertThat(uids(s.inbox())).isEqualTo(acknowledged ? List.of(2L) : List.of(1L, 2L, 3L)));
    }

    @Test
    void aChangeOfFlagsThatFreezes() {
        frozenAtEveryPoint(
                s -> dying.messages().changeFlags(s.inbox().id(), u -> true, f -> f.plus(Flags.of("k")), Long.MAX_VALUE, null),
                (s, acknowledged) -> assertThat(other.messages().rows(s.inbox().id()).stream().filter(r -> r.flags().hasKeyword("k")))
                        .hasSize(acknowledged ? 3 : 0));
    }

    @Test
    void aMoveThatFreezes() {
        frozenAtEveryPoint(
                s -> dying.messages().move(s.inbox().id(), List.of(1L, 2L), s.box().id(), null),
                (s, acknowledged) -> {
                    assertThat(uids(s.box())).hasSize(acknowledged ? 2 : 0);
                    assertThat(uids(s.inbox())).isEqualTo(acknowledged ? List.of(3L) : List.of(1L, 2L, 3L));
                });
    }

    @Test
    void aCopyThatFreezes() {
        frozenAtEveryPoint(
                s -> dying.messages().copy(s.inbox().id(), List.of(1L, 2L), s.box().id(), 0, null),
                (s, acknowledged) -> assertThat(uids(s.box())).hasSize(acknowledged ? 2 : 0));
    }

    private void agrees(Scene scene) {
        for (var m : other.mailboxes().list(scene.account())) {
            var rows = other.messages().rows(m.id());
            assertThat(m.messages()).as("messages of " + m.path()).isEqualTo(rows.size());
            assertThat(m.size()).as("size of " + m.path()).isEqualTo(rows.stream().mapToLong(MessageRow::size).sum());
            assertThat(m.unseen())
                    .as("unseen of " + m.path())
                    .isEqualTo(rows.stream().filter(r -> !r.flags().has(Flags.SEEN)).count());
            assertThat(rows.stream().map(MessageRow::uid)).isSorted().doesNotHaveDuplicates();
            rows.forEach(r -> assertThat(r.uid()).isLessThan(m.uidNext()));
            var raw = other.databases().table("messages").count(Document.of("mailbox", m.id().value(), "pintail.void", null));
            assertThat(raw).as("documents of " + m.path()).isEqualTo(rows.size());
        }
        long sum = other.databases().table("messages").all(Table.Query.of(Document.of("user", scene.account().value()))).stream()
                .mapToLong(d -> d.number("size"))
                .sum();
        assertThat(other.messages().usage(scene.account())).as("never too small").isGreaterThanOrEqualTo(sum);
    }

    private void goesOn(Scene scene) {
        if (other.mailboxes().find(scene.inbox().id()).isEmpty()) {
            return;
        }
        long before = other.mailboxes().find(scene.inbox().id()).orElseThrow().uidNext();
        var row = other.messages().append(List.of(Samples.message(scene.inbox(), "more"))).getFirst();
        assertThat(row.uid()).isGreaterThanOrEqualTo(before);
        var changes = other.messages().changes(scene.inbox().id(), row.modSeq() - 1);
        assertThat(changes.changed()).containsExactly(row);
    }

    private List<Long> uids(Mailbox of) {
        return other.messages().rows(of.id()).stream().map(MessageRow::uid).toList();
    }

    @Test
    void anAppendToTwoMailboxes() throws InterruptedException {
        atEveryPoint(
                s -> dying.messages().append(List.of(
                        Samples.inPieces(7).message(s.inbox()), Samples.message(s.box(), "b"), Samples.message(s.inbox(), "c"))),
                s -> {
                    boolean came = uids(s.inbox()).size() == 5;
                    assertThat(uids(s.inbox())).hasSize(came ? 5 : 3);
                    assertThat(uids(s.box())).hasSize(came ? 1 : 0);
                });
    }

    /// Looking into the mailbox brings the delivery to its end, and its message to the thread that is found for it.
    @Test
    void aDelivery() throws InterruptedException {
        atEveryPoint(
                s -> {
                    deliverToAnotherThread(s);
                    assertThat(dying.mailboxes().find(s.inbox().id()).orElseThrow().messages()).isEqualTo(4);
                },
                s -> {
                    assertThat(uids(s.inbox()).size()).isIn(3, 4);
                    journalAndRowsNameOneThread(s);
                });
    }

    @Test
    void aDeliveryThatFreezes() {
        frozenAtEveryPoint(
                s -> {
                    deliverToAnotherThread(s);
                    dying.messages().rows(s.inbox().id());
                },
                (s, acknowledged) -> assertThat(uids(s.inbox())).hasSize(acknowledged ? 4 : 3));
    }

    private void deliverToAnotherThread(Scene s) {
        var message = Samples.inPieces(9).message(s.inbox());
        var found = ObjectId.next();
        dying.messages().deliver(message, new ThreadClues("s", "a", List.of("b")), _ -> Map.of(message.id(), found));
    }

    private void journalAndRowsNameOneThread(Scene s) {
        var told = new HashMap<MessageId, ObjectId>();
        for (var e : other.messages().journal(s.account(), null, 100)) {
            if (e.kind() == JournalEntry.Kind.EXISTS && e.mailbox().equals(s.inbox().id())) {
                told.put(e.message(), e.thread());
            }
        }
        for (var row : other.messages().rows(s.inbox().id())) {
            assertThat(told.get(row.id())).as("thread of " + row.uid()).isEqualTo(row.thread());
        }
    }

    @Test
    void aChangeOfFlags() throws InterruptedException {
        atEveryPoint(
                s -> dying.messages().changeFlags(s.inbox().id(), u -> true, f -> f.plus(Flags.of("\\Seen", "k")), Long.MAX_VALUE, null),
                s -> {
                    var rows = other.messages().rows(s.inbox().id());
                    assertThat(rows.stream().filter(r -> r.flags().hasKeyword("k")).count()).isIn(0L, 3L);
                });
    }

    @Test
    void anExpunge() throws InterruptedException {
        atEveryPoint(
                s -> dying.messages().expunge(s.inbox().id(), List.of(1L, 3L), null),
                s -> {
                    assertThat(uids(s.inbox())).isIn(List.of(1L, 2L, 3L), List.of(2L));
                    var gone = other.messages().changes(s.inbox().id(), 4).expunged();
                    assertThat(gone).hasSize(uids(s.inbox()).size() == 1 ? 2 : 0);
                });
    }

    @Test
    void aMove() throws InterruptedException {
        atEveryPoint(
                s -> dying.messages().move(s.inbox().id(), List.of(1L, 2L), s.box().id(), null),
                s -> {
                    boolean moved = uids(s.box()).size() == 2;
                    assertThat(uids(s.box())).hasSize(moved ? 2 : 0);
                    assertThat(uids(s.inbox())).isEqualTo(moved ? List.of(3L) : List.of(1L, 2L, 3L));
                    other.messages().rows(s.box().id()).forEach(r -> assertThat(read(r)).isNotEmpty());
                });
    }

    private byte[] read(MessageRow row) {
        try {
            return other.messages().open(row).readAll();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aCopy() throws InterruptedException {
        atEveryPoint(
                s -> dying.messages().copy(s.inbox().id(), List.of(1L, 2L), s.box().id(), 0, null),
                s -> assertThat(uids(s.box()).size()).isIn(0, 2));
    }

    @Test
    void aRenameWithChildren() throws InterruptedException {
        atEveryPoint(
                s -> dying.mailboxes().rename(List.of(new Renaming(s.inbox().id(), "box"), new Renaming(s.box().id(), "new"))),
                s -> assertThat(other.mailboxes().list(s.account()).stream().map(Mailbox::path).toList())
                        .isIn(List.of("INBOX", "box"), List.of("box", "new")));
    }

    @Test
    void theEndOfAMailbox() throws InterruptedException {
        atEveryPoint(
                s -> dying.mailboxes().delete(s.inbox().id()),
                s -> {
                    boolean gone = other.mailboxes().find(s.inbox().id()).isEmpty();
                    long left = other.databases().table("messages").count(Document.of("mailbox", s.inbox().id().value()));
                    assertThat(left).isEqualTo(gone ? 0 : 3);
                });
    }

    @Test
    void twoMessagesForTheQueue() {
        var now = Instant.parse("2026-03-01T12:00:00Z");
        for (int point = 1;; point++) {
            var one = "19a0000000001%05x".formatted(point * 2);
            var two = "19a0000000001%05x".formatted(point * 2 + 1);
            untilDeath.set(point);
            boolean died = false;
            try {
                dying.queue().enqueue(List.of(Samples.queued(one, now, "a.example", "b.example"), Samples.queued(two, now, "c.example")));
            } catch (Death expected) {
                died = true;
            }
            untilDeath.set(0);
            clock.advance(Duration.ofHours(2));
            other.tidy();
            boolean there = !other.queue().rows(one).isEmpty();
            assertThat(there || died).as("what was acknowledged is there").isTrue();
            assertThat(other.queue().rows(one)).hasSize(there ? 2 : 0);
            assertThat(other.queue().rows(two)).hasSize(there ? 1 : 0);
            assertThat(other.queue().message(two).isPresent()).isEqualTo(there);
            assertThat(other.queue().claim("default", now, Duration.ofMinutes(5), Set.of(), 9)).hasSize(there ? 3 : 0);
            for (var row : other.queue().list(null, 9)) {
                other.queue().purge(row.id(), row.seq(), now.plusSeconds(99_999));
            }
            for (var table : List.of("zone-queue", "mail.files", "mail.chunks")) {
                assertThat(other.databases().table(Declared.Place.QUEUE, table).count(Document.EMPTY)).as("left in " + table).isZero();
            }
            if (!died) {
                return;
            }
        }
    }

    @Test
    void settlingWithABounce() throws InterruptedException {
        var now = Instant.parse("2026-03-01T12:00:00Z");
        for (int point = 1;; point++) {
            var id = "19a0000000000%05x".formatted(point * 2);
            var bounce = "19a0000000000%05x".formatted(point * 2 + 1);
            dying.queue().enqueue(List.of(Samples.queued(id, now, "a.example")));
            var claimed = dying.queue().claim("default", now, Duration.ofMinutes(5), Set.of(), 1).getFirst();
            untilDeath.set(point);
            boolean died = false;
            try {
                dying.queue().settle(claimed, List.of(Samples.queued(bounce, now, "b.example", "c.example")));
            } catch (Death expected) {
                died = true;
            }
            untilDeath.set(0);
            clock.advance(Duration.ofHours(2));
            other.tidy();
            boolean settled = other.queue().rows(id).isEmpty();
            assertThat(other.queue().rows(bounce)).hasSize(settled ? 2 : 0);
            assertThat(other.queue().message(bounce).isPresent()).isEqualTo(settled);
            assertThat(other.queue().claim("default", now.plusSeconds(301), Duration.ofMinutes(5), Set.of(), 9))
                    .hasSize(settled ? 2 : 1);
            for (var row : other.queue().list(null, 9)) {
                other.queue().purge(row.id(), row.seq(), now.plusSeconds(99_999));
            }
            if (!died) {
                return;
            }
        }
    }
}
