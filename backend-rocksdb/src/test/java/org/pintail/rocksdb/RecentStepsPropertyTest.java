package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;
import org.pintail.backend.TestClock;

/// What is known of the last steps is what the index says when nothing is known any more.
class RecentStepsPropertyTest {
    private static final int STEPS = 300;

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();

    private RocksStore open() {
        return RocksStore.open(RocksStore.Settings.at(directory), clock);
    }

    @Test
    void whatHappenedIsTheSameFromMemoryAndFromTheIndex() {
        long seed = Long.getLong("pintail.steps.seed", System.nanoTime() % 1_000_000);
        var random = new Random(seed);
        MailboxId inbox;
        List<MailboxChanges> remembered;
        long last;
        try (var store = open()) {
            var box = Samples.inbox(store);
            var other = Samples.mailbox(store, box.account(), "other");
            inbox = box.id();
            assertThat(store.messages().rows(inbox)).isEmpty();
            for (int i = 0; i < STEPS; i++) {
                step(store, random, box, other);
            }
            last = store.mailboxes().find(inbox).orElseThrow().highestModSeq();
            long before = readsOfChanges(store);
            remembered = changes(store, inbox, last);
            assertThat(readsOfChanges(store)).as("answered from memory, seed %d", seed).isEqualTo(before);
        }
        try (var store = open()) {
            assertThat(remembered).as("seed %d", seed).isEqualTo(changes(store, inbox, last));
            assertThat(readsOfChanges(store)).isEqualTo(last);
        }
    }

    private static long readsOfChanges(RocksStore store) {
        return store.figures().getOrDefault("changes_read", 0L);
    }

    private static List<MailboxChanges> changes(RocksStore store, MailboxId mailbox, long last) {
        var all = new ArrayList<MailboxChanges>();
        for (long since = 1; since <= last; since++) {
            all.add(store.messages().changes(mailbox, since));
        }
        return all;
    }

    private static void step(RocksStore store, Random random, Mailbox inbox, Mailbox other) {
        var messages = store.messages();
        var from = random.nextInt(3) > 0 ? inbox : other;
        var to = from == inbox && random.nextInt(4) > 0 ? other : inbox;
        var some = some(store, random, from);
        switch (random.nextInt(6)) {
            case 0, 1 -> messages.append(List.of(Samples.message(from, "one"), Samples.message(from, "two", "\\Seen")));
            case 2 -> messages.changeFlags(from.id(), some, f -> random.nextBoolean() ? f.plus(Flags.of("\\Flagged")) : Flags.NONE, Long.MAX_VALUE, null);
            case 3 -> messages.changeFlagsSoon(from.id(), some, f -> f.plus(Flags.of("k" + random.nextInt(3))), Long.MAX_VALUE, null);
            case 4 -> messages.copy(from.id(), some.subList(0, Math.min(3, some.size())), to.id(), 0, null);
            default -> {
                if (random.nextBoolean()) {
                    messages.move(from.id(), some, to.id(), null);
                } else {
                    messages.expunge(from.id(), some, null);
                }
            }
        }
    }

    private static List<Long> some(RocksStore store, Random random, Mailbox in) {
        return store.messages().rows(in.id()).stream().map(MessageRow::uid).filter(_ -> random.nextInt(3) == 0).toList();
    }
}
