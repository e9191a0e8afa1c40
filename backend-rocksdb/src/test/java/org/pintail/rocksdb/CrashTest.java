package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.MessageRow;

/// Nothing acknowledged is lost: a process that writes is killed at any moment, again and again over the same store, and what it was told is
/// compared with what is there. More rounds with `-Dpintail.crash.rounds=200`, the same ones again with `-Dpintail.crash.seed=…`.
class CrashTest {
    private static final int THREADS = 8;
    private static final int ROUNDS_OF_A_STORE = 10;
    @TempDir
    Path temp;

    private final Map<Integer, CrashState> known = new HashMap<>();
    private final Map<Long, Long> shared = new TreeMap<>();
    private long operations;
    private long compacted;
    private int opening;

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        int rounds = Integer.getInteger("pintail.crash.rounds", 5);
        long first = Long.getLong("pintail.crash.seed", System.nanoTime() % 1_000_000);
        Path store = temp;
        for (int round = 0; round < rounds; round++) {
            if (round % ROUNDS_OF_A_STORE == 0) {
                store = fresh(round);
            }
            round(store, first + round);
        }
        System.out.printf(
                "crash test: seed=%d rounds=%d killed-while-opening=%d operations-acknowledged=%d segments-rewritten=%d lost=0%n", first, rounds, opening, operations, compacted);
    }

    private Path fresh(int number) {
        known.clear();
        shared.clear();
        var directory = temp.resolve("store-" + number);
        try (var store = RocksStore.open(new RocksStore.Settings(directory, null, CrashWriter.SEGMENT), Clock.systemUTC())) {
            store.mailboxes().create(new Mailboxes.New(CrashState.shared(), "INBOX", null, true, false, false, 0));
            for (int i = 0; i < THREADS; i++) {
                known.put(i, CrashState.read(store, i));
            }
        }
        return directory;
    }

    private void round(Path directory, long seed) throws IOException, InterruptedException {
        var random = new Random(seed);
        boolean whileOpening = random.nextInt(10) == 0;
        int lines = whileOpening ? 0 : 1 + (int) Math.pow(2, random.nextDouble() * 14);
        var run = CrashRun.of(directory, seed, THREADS, lines, 200 + random.nextInt(700));
        opening += whileOpening ? 1 : 0;
        operations += run.operations();
        compacted += run.compacted();
        var what = "seed " + seed;
        assertThat(run.errors()).as(what).isEmpty();
        tear(directory, random);
        lose(directory, random);
        try (var store = RocksStore.open(new RocksStore.Settings(directory, null, CrashWriter.SEGMENT), Clock.systemUTC())) {
            for (int i = 0; i < THREADS; i++) {
                compareThread(store, i, run, what + " thread " + i);
            }
            compareShared(store, run, what);
        }
        assertThat(StoreCheck.problems(directory)).as(what).isEmpty();
    }

    /// What a torn write may leave behind the last commit.
    private static void tear(Path directory, Random random) throws IOException {
        if (random.nextBoolean()) {
            return;
        }
        try (var files = Files.list(directory.resolve("bodies"))) {
            var last = files.max(Path::compareTo).orElseThrow();
            var garbage = new byte[random.nextInt(9000)];
            random.nextBytes(garbage);
            Files.write(last, garbage, StandardOpenOption.APPEND);
        }
    }

    /// What a machine that stops may forget: bytes whose file was not synced. The index tells which ones it answers for.
    private static void lose(Path directory, Random random) throws IOException {
        if (random.nextBoolean() || !Files.exists(directory.resolve("index/CURRENT"))) {
            return;
        }
        try (var db = Db.open(directory.resolve("index"))) {
            db.scan(Family.CARRIED, new byte[0], true, (key, bytes) -> {
                var at = ByteBuffer.wrap(key);
                var kind = Place.Kind.values()[at.get()];
                var file = directory.resolve(kind == Place.Kind.BODIES ? "bodies" : "attachments").resolve(
                        String.format("%08d.seg", at.getInt()));
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.allocate(bytes.length), at.getLong());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return true;
            });
        }
    }

    private void compareThread(RocksStore store, int thread, CrashRun run, String what) throws IOException {
        var expected = Objects.requireNonNull(known.get(thread)).copy();
        run.acknowledged(thread).forEach(expected::apply);
        var found = CrashState.read(store, thread);
        var differences = expected.differences(found);
        if (!differences.isEmpty() && !run.begun(thread).isEmpty()) {
            var further = expected.copy();
            run.begun(thread).forEach(further::apply);
            differences = further.differences(found).isEmpty() ? List.of() : differences;
        }
        assertThat(differences).as(what + ", begun " + run.begun(thread)).isEmpty();
        known.put(thread, found);
        for (var m : store.mailboxes().list(CrashState.account(thread))) {
            for (var row : store.messages().rows(m.id())) {
                assertBytes(store, row, what);
            }
        }
        for (var id : found.queue().keySet()) {
            var body = store.queue().body(id).orElseThrow().readAll();
            assertThat(body).as(what + " queue " + id).isEqualTo(CrashMail.raw(found.queue().get(id).seed()));
        }
    }

    private static void assertBytes(RocksStore store, MessageRow row, String what) throws IOException {
        assertThat(store.messages().open(row).readAll()).as(what + " " + row).isEqualTo(CrashMail.raw(CrashMail.seedOf(row)));
        assertThat(store.messages().content(row).details().number("seed")).as(what).isEqualTo(CrashMail.seedOf(row));
    }

    private void compareShared(RocksStore store, CrashRun run, String what) throws IOException {
        var box = store.mailboxes().find(CrashState.shared(), "INBOX").orElseThrow();
        var found = new TreeMap<Long, Long>();
        for (var row : store.messages().rows(box.id())) {
            assertThat(found.put(row.uid(), CrashMail.seedOf(row))).as(what + " uid twice").isNull();
            if (!shared.containsKey(row.uid())) {
                assertBytes(store, row, what);
            }
        }
        shared.putAll(run.shared());
        assertThat(found).as(what + " shared mailbox").containsAllEntriesOf(shared);
        var more = new ArrayList<>(found.values());
        more.removeAll(shared.values());
        assertThat(run.sharedBegun()).as(what + " shared mailbox, not acknowledged").containsAll(more);
        assertThat(new HashSet<>(found.values())).as(what + " nothing twice").hasSize(found.size());
        shared.putAll(found);
    }
}
