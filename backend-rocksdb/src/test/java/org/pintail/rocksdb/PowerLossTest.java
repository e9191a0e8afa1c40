package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;

/// Changes of flags that do not wait for the disk. A machine that loses power forgets the end of the log behind the last sync: the log of an open
/// store is cut there, at any byte, and what is left is opened.
class PowerLossTest {
    private static final int MESSAGES = 700;
    private static final int STEPS = 60;
    private static final int CUTS = 25;
    @TempDir
    Path temp;

    private RocksStore store;

    /// A mailbox at one moment.
    private record Moment(List<Flags> flags, long unseen, int entries) {}

    @BeforeEach
    void open() {
        store = open(temp.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static RocksStore open(Path directory) {
        return RocksStore.open(new RocksStore.Settings(directory, null, CrashWriter.SEGMENT), Clock.systemUTC());
    }

    private Mailbox filled() {
        var inbox = Samples.inbox(store);
        store.messages().append(LongStream.range(0, MESSAGES).mapToObj(i -> Samples.message(inbox, "m" + i)).toList());
        return inbox;
    }

    private static Moment moment(RocksStore of, Mailbox box) {
        var rows = of.messages().rows(box.id());
        return new Moment(
                rows.stream().map(MessageRow::flags).toList(),
                of.mailboxes().find(box.id()).orElseThrow().unseen(),
                of.messages().journal(box.account(), null, Integer.MAX_VALUE).size());
    }

    private static void step(RocksStore in, MailboxId box, Random random) {
        long first = 1 + random.nextInt(MESSAGES);
        var uids = LongStream.rangeClosed(first, Math.min(MESSAGES, first + random.nextInt(400))).boxed().toList();
        var flags = new Flags(1 << random.nextInt(5), random.nextInt(4) == 0 ? List.of("k" + random.nextInt(3)) : List.of());
        boolean on = random.nextBoolean();
        in.messages().changeFlagsSoon(box, uids, f -> on ? f.plus(flags) : f.minus(flags), Long.MAX_VALUE, null);
    }

    private static Path log(Path directory) throws IOException {
        try (var files = Files.list(directory.resolve("index"))) {
            return files.filter(f -> f.toString().endsWith(".log")).max(Path::compareTo).orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void whatIsLeftIsTheMailboxAsItWasAtOneMomentSinceTheLastSync() throws IOException {
        var random = new Random(9);
        var box = filled();
        long synced = Files.size(log(temp.resolve("store")));
        var moments = new ArrayList<Moment>();
        moments.add(moment(store, box));
        for (int i = 0; i < STEPS; i++) {
            step(store, box.id(), random);
            moments.add(moment(store, box));
        }
        long told = store.mailboxes().find(box.id()).orElseThrow().highestModSeq();
        long end = Files.size(log(temp.resolve("store")));
        for (int i = 0; i <= CUTS; i++) {
            long cut = i == 0 ? end : i == 1 ? synced : synced + random.nextLong(end - synced);
            var what = "the log cut at " + cut + " of " + end;
            var lost = temp.resolve("lost" + i);
            copy(temp.resolve("store"), lost);
            try (var channel = FileChannel.open(log(lost), StandardOpenOption.WRITE)) {
                channel.truncate(cut);
            }
            try (var left = open(lost)) {
                var found = moment(left, box);
                assertThat(i == 0 ? moments.subList(STEPS, STEPS + 1) : moments).as(what).contains(found);
                var everywhere = left.messages().changeFlags(box.id(), List.of(1L), f -> Flags.of("new"), Long.MAX_VALUE, null);
                assertThat(everywhere.changed()).as(what).allMatch(r -> r.modSeq() > told);
                assertThat(left.messages().changes(box.id(), told).uids()).as(what).containsExactly(1L);
            }
            assertThat(StoreCheck.problems(lost)).as(what).isEmpty();
        }
    }

    @Test
    @Timeout(60)
    void theyAreSyncedALittleLaterWithoutAnybodyElse() {
        var box = filled();
        long before = syncs();
        for (int i = 0; i < 5; i++) {
            step(store, box.id(), new Random(i));
        }
        assertThat(syncs()).isLessThanOrEqualTo(before + 1);
        while (syncs() == before) {
            Thread.onSpinWait();
        }
    }

    /// Whoever waits for the disk and finds things as wanted relies on what was changed without waiting.
    @Test
    void whatChangesNothingAndWaitsForTheDiskWaitsForWhatWasChangedBefore() {
        var box = filled();
        UnaryOperator<Flags> seen = f -> f.plus(Flags.of("\\Seen"));
        long before = syncs();
        store.messages().changeFlagsSoon(box.id(), List.of(1L), seen, Long.MAX_VALUE, null);
        assertThat(store.messages().changeFlags(box.id(), List.of(1L), seen, Long.MAX_VALUE, null).changed()).isEmpty();
        assertThat(syncs()).isEqualTo(before + 1);
        store.messages().changeFlags(box.id(), List.of(1L), seen, Long.MAX_VALUE, null);
        assertThat(syncs()).isEqualTo(before + 1);
    }

    private long syncs() {
        return store.figures().getOrDefault("index_syncs", 0L);
    }

    @Test
    void aStoreThatWasClosedGoesOnWithTheNextModSeq() {
        var box = filled();
        step(store, box.id(), new Random(1));
        long last = store.mailboxes().find(box.id()).orElseThrow().highestModSeq();
        store.close();
        open();
        var next = store.messages().changeFlags(box.id(), List.of(1L), f -> Flags.of("new"), Long.MAX_VALUE, null);
        assertThat(next.changed()).allMatch(r -> r.modSeq() == last + 1);
    }
}
