package org.pintail.imap.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewFlags;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.imap.view.SelectedMailbox.Update;
import org.pintail.imap.wire.SequenceSet;

class SelectedMailboxTest {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Mailbox inbox = Samples.inbox(store);
    private final Snapshots snapshots = new Snapshots(store, Clock.systemUTC(), true);

    private SelectedMailbox select() {
        return new SelectedMailbox(inbox.id(), false, snapshots);
    }

    /// Messages with uids 1 to `count`, but for those in `without`.
    private SelectedMailbox box(int count, long... without) {
        append(count);
        expunge(without);
        return select();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            store.messages().append(List.of(Samples.message(inbox, "Subject: " + i + "\r\n\r\n")));
        }
    }

    private void expunge(long... uids) {
        store.messages().expunge(inbox.id(), java.util.Arrays.stream(uids).boxed().toList(), null);
    }

    private NewFlags flag(long uid, String flag) {
        return store.messages()
                .changeFlags(inbox.id(), u -> u == uid, flags -> flags.plus(Flags.of(flag)), Long.MAX_VALUE, null)
                .changed()
                .getFirst();
    }

    private static List<Update> updates(SelectedMailbox box, boolean mayExpunge) {
        box.refresh();
        return box.updates(mayExpunge);
    }

    private static String numbers(SelectedMailbox box, String set, boolean byUid) {
        var ranges = new ArrayList<SequenceSet.Range>();
        for (var part : set.split(",")) {
            var ends = part.split(":");
            ranges.add(new SequenceSet.Range(number(ends[0]), number(ends[ends.length - 1])));
        }
        return box.indexes(new SequenceSet(ranges), byUid).toString();
    }

    private static long number(String text) {
        return text.equals("*") ? SequenceSet.STAR : Long.parseLong(text);
    }

    @Test
    void aMailboxThatIsGoneIsSaidToBe() {
        var box = box(1);
        store.mailboxes().delete(inbox.id());
        assertThatThrownBy(box::refresh).isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(this::select).isInstanceOf(StoreException.Missing.class);
    }

    @Test
    void numbersOfNoMessageNameNothing() {
        assertThat(numbers(box(0), "1:*", true)).isEqualTo("{}");
        var box = box(9, 1, 2, 4, 6, 7, 8);
        assertThat(numbers(box, "4:8", false)).isEqualTo("{}");
        assertThat(numbers(box, "6:8", true)).isEqualTo("{}");
    }

    @Test
    void setsNameMessagesByNumberAndByUid() {
        var box = box(9, 1, 2, 4, 6, 7, 8);
        assertThat(numbers(box, "2:*", false)).isEqualTo("{1, 2}");
        assertThat(numbers(box, "4:9", true)).isEqualTo("{1, 2}");
        assertThat(numbers(box, "50:*", true)).as("* is in every range that ends in it").isEqualTo("{2}");
    }

    @Test
    void expungedMessagesKeepTheirNumbersUntilTheClientIsTold() {
        var box = box(3);
        expunge(1, 3);
        append(1);
        assertThat(updates(box, false)).containsExactly(new Update.Exists(4), new Update.Recent(4));
        assertThat(box.count()).isEqualTo(4);
        assertThat(box.anyGone(box.indexes(SequenceSet.ALL, false))).isTrue();
        assertThat(box.current(0)).isNegative();
        assertThat(updates(box, true))
                .containsExactly(new Update.Expunge(1, 1), new Update.Expunge(2, 3), new Update.Exists(2), new Update.Recent(2));
        assertThat(box.uid(0)).isEqualTo(2);
    }

    @Test
    void newMessagesHaveNoNumberBeforeTheClientIsTold() {
        var box = box(1);
        append(1);
        box.refresh();
        assertThat(box.count()).isEqualTo(1);
        assertThat(numbers(box, "1:*", true)).isEqualTo("{0}");
        assertThat(box.updates(true)).containsExactly(new Update.Exists(2), new Update.Recent(2));
        assertThat(box.count()).isEqualTo(2);
    }

    @Test
    void whatCameAndWentBetweenTwoAnswersIsNotMentioned() {
        var box = box(1);
        append(2);
        box.refresh();
        expunge(2);
        assertThat(updates(box, true)).containsExactly(new Update.Exists(2), new Update.Recent(2));
        assertThat(box.uid(1)).isEqualTo(3);
    }

    @Test
    void aChangeTheClientKnowsIsNotRepeated() {
        var box = box(3);
        var mine = flag(1, "\\Seen");
        box.told(List.of(mine));
        flag(3, "\\Answered");
        box.refresh();
        box.told(box.indexes(new SequenceSet(List.of(new SequenceSet.Range(3, 3))), false));
        var theirs = flag(2, "$Junk");
        assertThat(updates(box, true)).containsExactly(new Update.Fetch(2, 2, Flags.of("$Junk"), theirs.modSeq()));
        assertThat(updates(box, true)).isEmpty();
        flag(1, "\\Flagged");
        assertThat(updates(box, true)).hasSize(1);
    }

    /// The snapshot goes on with the step itself where nothing else happened, and reads where something did.
    @Test
    void aStepOfItsOwnIsTakenInWithoutReading() {
        var box = box(600);
        var other = new SelectedMailbox(inbox.id(), false, snapshots);
        var mine = flag(550, "\\Seen");
        box.told(List.of(mine));
        assertThat(box.told()).isSameAs(box.now());
        assertThat(box.told().flags(549)).isEqualTo(Flags.of("\\Seen"));
        assertThat(box.told().modSeq(549)).isEqualTo(mine.modSeq()).isEqualTo(box.told().modSeq());
        assertThat(updates(box, true)).isEmpty();
        assertThat(updates(other, true)).containsExactly(new Update.Fetch(550, 550, Flags.of("\\Seen"), mine.modSeq()));
        var theirs = flag(2, "$Junk");
        var next = flag(3, "\\Answered");
        box.told(List.of(next));
        assertThat(updates(box, true)).containsExactly(new Update.Fetch(2, 2, Flags.of("$Junk"), theirs.modSeq()));
        assertThat(box.told().flags(2)).isEqualTo(Flags.of("\\Answered"));
    }

    @Test
    void whatArrivesIsRecentForOneSessionThatMayChangeTheMailbox() {
        append(2);
        var reader = new SelectedMailbox(inbox.id(), true, snapshots);
        var first = select();
        var second = select();
        assertThat(List.of(reader.countRecent(), first.countRecent(), second.countRecent())).containsExactly(2, 2, 0);
        append(1);
        assertThat(updates(second, false)).containsExactly(new Update.Exists(3), new Update.Recent(1));
        append(1);
        assertThat(updates(first, false)).containsExactly(new Update.Exists(4), new Update.Recent(3));
        assertThat(updates(second, false)).containsExactly(new Update.Exists(4));
        assertThat(List.of(first.isRecent(3), first.isRecent(4))).containsExactly(false, true);
        assertThat(first.recentIndexes().stream()).containsExactly(0, 1, 3);
        expunge(1, 3);
        assertThat(updates(first, true)).endsWith(new Update.Exists(2), new Update.Recent(2));
    }

    @Test
    void whatCameBeforeTheServerStartedIsNotRecent() {
        append(2);
        var later = new Snapshots(store, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)), true);
        assertThat(new SelectedMailbox(inbox.id(), false, later).countRecent()).isZero();
    }

    /// A client that does what it is told ends up with the mailbox as it is, flags included, whatever happened and whenever it was told. Mailboxes
    /// are large enough for several chunks.
    @Test
    void aClientThatFollowsTheUpdatesKnowsTheMailbox() {
        long seed = Long.getLong("pintail.seed", System.nanoTime());
        var random = new Random(seed);
        append(1500);
        var boxes = List.of(select(), select());
        var clients = boxes.stream().map(box -> new Client(box, "seed " + seed)).toList();
        for (int step = 0; step < 400; step++) {
            change(random);
            for (var client : clients) {
                if (random.nextInt(3) == 0) {
                    client.follow(random.nextBoolean());
                }
            }
        }
        for (var client : clients) {
            client.follow(true);
            client.compare(store.messages().rows(inbox.id()));
        }
    }

    private void change(Random random) {
        var rows = store.messages().rows(inbox.id());
        switch (random.nextInt(4)) {
            case 0 -> append(1 + random.nextInt(5));
            case 1 -> {
                int from = random.nextInt(rows.size());
                int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 5);
                expunge(rows.stream().skip(from).limit(count).mapToLong(MessageRow::uid).toArray());
                append(1);
            }
            default -> store.messages().changeFlags(
                    inbox.id(), uid -> uid % 7 == random.nextInt(7), _ -> Flags.of("k" + random.nextInt(5)), Long.MAX_VALUE, null);
        }
    }

    /// What a client knows: the flags of each message, by number.
    private static final class Client {
        private final SelectedMailbox box;
        private final String what;
        private final List<Flags> flags = new ArrayList<>();
        private final List<Long> uids = new ArrayList<>();

        Client(SelectedMailbox box, String what) {
            this.box = box;
            this.what = what;
            fetch(0);
        }

        private void fetch(int from) {
            for (int i = from; i < box.count(); i++) {
                int at = box.current(i);
                flags.add(at < 0 ? Flags.NONE : box.now().flags(at));
                uids.add(box.uid(i));
            }
        }

        void follow(boolean mayExpunge) {
            for (var update : updates(box, mayExpunge)) {
                switch (update) {
                    case Update.Expunge(int n, _) -> {
                        flags.remove(n - 1);
                        uids.remove(n - 1);
                    }
                    case Update.Exists(int n) -> {
                        assertThat(n).as(what).isGreaterThanOrEqualTo(flags.size());
                        fetch(flags.size());
                    }
                    case Update.Recent(int n) -> assertThat(n).as(what).isEqualTo(box.countRecent());
                    case Update.Fetch(int n, long uid, var now, _) -> {
                        assertThat(uids.get(n - 1)).as(what).isEqualTo(uid);
                        flags.set(n - 1, now);
                    }
                }
            }
            assertThat(flags).as(what).hasSize(box.count());
        }

        void compare(List<MessageRow> real) {
            assertThat(box.uids(box.indexes(SequenceSet.ALL, false))).as(what).isEqualTo(real.stream().map(MessageRow::uid).toList());
            assertThat(flags).as(what).isEqualTo(real.stream().map(MessageRow::flags).toList());
        }
    }
}
