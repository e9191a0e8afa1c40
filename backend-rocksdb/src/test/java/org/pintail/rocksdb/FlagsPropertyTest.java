package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewFlags;
import org.pintail.backend.Samples;
import org.pintail.backend.Store;
import org.pintail.backend.memory.MemoryStore;

/// Flags in blocks against the memory engine: the same steps, in mailboxes of a few blocks, have the same results, and mailboxes are the same after
/// each, as they are now and to whoever asks what happened since. Now and then the store is closed and opened again. More rounds with `-Dpintail.rounds=40`.
class FlagsPropertyTest {
    private static final int ROUNDS = Integer.getInteger("pintail.rounds", 3);
    private static final int STEPS = 120;
    private static final int FIRST = 560; // messages: two blocks and a bit
    private static final List<String> NAMES = List.of("\\Seen", "\\Flagged", "\\Deleted", "one", "two");
    @TempDir
    Path temp;

    /// An engine with its two mailboxes.
    private record Side(Store store, Mailbox inbox, Mailbox other) {
        static Side fill(Store store) {
            var inbox = Samples.inbox(store);
            var side = new Side(store, inbox, Samples.mailbox(store, inbox.account(), "Other"));
            store.messages().append(LongStream.range(0, FIRST).mapToObj(i -> Samples.message(inbox, "m" + i)).toList());
            return side;
        }

        Mailbox box(boolean first) {
            return first ? inbox : other;
        }

        long modSeq(boolean first) {
            return store.mailboxes().find(box(first).id()).orElseThrow().highestModSeq();
        }

        /// Everything a client could ask about, with the changes after `since`.
        List<Object> seen(boolean first, long since) {
            var box = store.mailboxes().find(box(first).id()).orElseThrow();
            var changes = store.messages().changes(box.id(), since);
            var changed = new TreeMap<Long, NewFlags>();
            changes.changed().forEach(row -> changed.put(row.uid(), NewFlags.of(row)));
            changes.flagged().forEach(flags -> changed.put(flags.uid(), flags));
            return List.of(
                    store.messages().rows(box.id()).stream().map(NewFlags::of).toList(),
                    List.of(box.messages(), box.unseen(), box.uidNext(), box.highestModSeq(), box.keywords()),
                    changed,
                    List.of(changes.expunged(), changes.highestModSeq(), changes.uidNext()));
        }
    }

    private static List<Long> some(List<MessageRow> rows, Random random) {
        if (rows.isEmpty()) {
            return List.of(1L);
        }
        int from = random.nextInt(rows.size());
        int most = random.nextBoolean() ? 4 : 400;
        int step = 1 + random.nextInt(3);
        var uids = new ArrayList<Long>();
        for (int i = from; i < rows.size() && uids.size() < most; i += step) {
            uids.add(rows.get(i).uid());
        }
        uids.add(FIRST * 100L); // one that is not there
        return uids;
    }

    private static UnaryOperator<Flags> change(Random random) {
        var flags = Flags.of(NAMES.get(random.nextInt(NAMES.size())));
        return switch (random.nextInt(3)) {
            case 0 -> before -> before.minus(flags);
            case 1 -> before -> flags;
            default -> before -> before.plus(flags);
        };
    }

    /// One step; what it returned. The same `random` makes the same step.
    private static Object step(Side side, List<MessageRow> rows, boolean first, Random random) {
        var messages = side.store.messages();
        var from = side.box(first);
        var to = side.box(!first);
        var uids = some(rows, random);
        return switch (random.nextInt(10)) {
            case 0 -> messages.append(List.of(Samples.message(from, "new", "\\Seen"), Samples.message(from, "new"))).stream()
                    .map(NewFlags::of)
                    .toList();
            case 1 -> messages.expunge(from.id(), uids, null);
            case 2 -> messages.copy(from.id(), uids, to.id(), 0, null).stream().map(c -> NewFlags.of(c.row())).toList();
            case 3 -> messages.move(from.id(), uids, to.id(), null).stream().map(c -> NewFlags.of(c.row())).toList();
            case 4 -> messages.changeFlags(from.id(), uids, change(random), side.modSeq(first) - random.nextInt(40), null);
            case 5, 6 -> messages.changeFlags(from.id(), uids, change(random), Long.MAX_VALUE, null);
            default -> messages.changeFlagsSoon(from.id(), uids, change(random), Long.MAX_VALUE, null);
        };
    }

    private RocksStore open(int round) {
        return RocksStore.open(new RocksStore.Settings(temp.resolve("store-" + round), null, CrashWriter.SEGMENT), Clock.systemUTC());
    }

    @Test
    void flagsAreThoseOfTheMemoryEngine() throws Exception {
        long begin = Long.getLong("pintail.seed", System.nanoTime());
        for (int round = 0; round < ROUNDS; round++) {
            long seed = begin + round;
            var random = new Random(seed);
            var store = open(round);
            try (var memory = new MemoryStore(Clock.systemUTC())) {
                var model = Side.fill(memory);
                var side = Side.fill(store);
                for (int step = 0; step < STEPS; step++) {
                    var what = "seed " + seed + " step " + step;
                    boolean first = random.nextInt(3) > 0;
                    var rows = memory.messages().rows(model.box(first).id());
                    long same = random.nextLong();
                    assertThat(step(side, rows, first, new Random(same))).as(what).isEqualTo(step(model, rows, first, new Random(same)));
                    if (random.nextInt(30) == 0) {
                        store.close();
                        store = open(round);
                        side = new Side(store, side.inbox, side.other);
                    }
                    for (boolean box : new boolean[] {true, false}) {
                        long since = Math.max(0, model.modSeq(box) - random.nextInt(900));
                        assertThat(side.seen(box, since)).as(what + " since " + since).isEqualTo(model.seen(box, since));
                    }
                }
                assertThat(store.check(false, problem -> {})).as("seed " + seed).isZero();
            } finally {
                store.close();
            }
            assertThat(StoreCheck.problems(temp.resolve("store-" + round))).as("seed " + seed).isEmpty();
        }
    }
}
