package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;

/// Segments are rewritten under everybody's feet, and nobody notices but the disk.
class CompactionPropertyTest {
    private static final int SEGMENT = 16 << 10;
    private static final int STEPS = 1000;
    private static final byte[] SMALL = new byte[900];

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final ConcurrentSkipListMap<Long, MessageRow> living = new ConcurrentSkipListMap<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong reads = new AtomicLong();
    private RocksStore store;
    private Mailbox inbox;

    @BeforeEach
    void open() {
        store = RocksStore.open(new RocksStore.Settings(directory, null, SEGMENT), clock);
        inbox = Samples.inbox(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread whileStepping(boolean virtual, Work work) {
        Runnable loop = () -> {
            try {
                while (!done.get() && failure.get() == null) {
                    work.run();
                }
            } catch (Exception | Error e) {
                failure.compareAndSet(null, e);
            }
        };
        return virtual ? Thread.ofVirtual().start(loop) : Thread.ofPlatform().start(loop);
    }

    @Test
    void everyLivingBodyStaysAsItWasWhileSegmentsAreRewritten() throws Exception {
        long seed = Long.getLong("pintail.compaction.seed", System.nanoTime() % 1_000_000);
        var random = new Random(seed);
        var threads = List.of(
                whileStepping(false, () -> store.tidy()),
                whileStepping(false, () -> read(new Random(reads.get()))),
                whileStepping(true, () -> read(new Random(reads.get() + 1))));
        for (int i = 0; i < STEPS && failure.get() == null; i++) {
            step(random);
        }
        done.set(true);
        for (var thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).as("seed " + seed).isNull();
        assertThat(reads.get()).isPositive();
        store.tidy();
        assertReclaimed("seed " + seed);
        assertAllReadable("seed " + seed);
        store.close();
        assertThat(StoreCheck.problems(directory)).as("seed " + seed).isEmpty();
        store = RocksStore.open(new RocksStore.Settings(directory, null, SEGMENT), clock);
        assertAllReadable("seed " + seed + ", opened again");
    }

    private void step(Random random) {
        var uids = new ArrayList<>(living.keySet());
        if (uids.size() < 20 || uids.size() < 120 && random.nextInt(3) > 0) {
            var rows = store.messages().append(List.of(CrashMail.message(inbox, random.nextLong(1L << 40), false)));
            rows.forEach(row -> living.put(row.uid(), row));
        } else {
            var leaving = uids.stream().filter(_ -> random.nextInt(5) == 0).toList();
            leaving.forEach(living::remove);
            store.messages().expunge(inbox.id(), leaving, null);
        }
    }

    private void read(Random random) throws IOException {
        var rows = List.copyOf(living.values());
        if (rows.isEmpty()) {
            return;
        }
        var row = rows.get(random.nextInt(rows.size()));
        try {
            var read = store.messages().open(row).readAll();
            store.messages().content(row);
            reads.incrementAndGet();
            if (!Arrays.equals(read, CrashMail.raw(CrashMail.seedOf(row)))) {
                throw new AssertionError("not what was stored: " + row);
            }
        } catch (StoreException.Missing e) {
            if (living.containsKey(row.uid())) {
                throw e;
            }
        }
    }

    private void assertReclaimed(String what) {
        var figures = store.figures();
        long bytes = figures.getOrDefault("segment_bytes", 0L);
        long live = figures.getOrDefault("live_bytes", 0L);
        // nothing is left less than half alive but the two segments being written; a message may be larger than a segment
        assertThat(bytes).as(what).isLessThanOrEqualTo(2 * live + 2 * (SEGMENT + 100_000));
        assertThat(figures.get("compacted_segments")).as(what).isPositive();
        assertThat(figures.get("compacted_bytes")).as(what).isPositive();
        assertThat(figures.get("reclaimed_bytes")).as(what).isPositive();
    }

    private void assertAllReadable(String what) throws IOException {
        for (var row : living.values()) {
            assertThat(store.messages().open(row).readAll()).as(what).isEqualTo(CrashMail.raw(CrashMail.seedOf(row)));
        }
    }

    /// Fills the first segment and seals it.
    private List<MessageRow> sealedSegment() {
        var rows = new ArrayList<MessageRow>();
        while (!Files.exists(directory.resolve("bodies/00000001.seg"))) {
            rows.addAll(store.messages().append(List.of(Samples.message(inbox, SMALL))));
        }
        rows.removeLast();
        return rows;
    }

    @Test
    void aSourceReadsOnForAWhileWhenItsSegmentIsGone() throws IOException {
        var rows = sealedSegment();
        var source = store.messages().open(rows.getLast());
        store.messages().expunge(inbox.id(), rows.stream().map(MessageRow::uid).toList(), null);
        store.tidy();
        assertThat(directory.resolve("bodies/00000000.seg")).doesNotExist();
        store.tidy();
        assertThat(source.readAll()).isEqualTo(SMALL);
        clock.advance(Compaction.READ_ON);
        store.tidy();
        assertThatThrownBy(source::readAll).isInstanceOf(IOException.class);
    }

    @Test
    void aDamagedRecordDoesNotKeepTheOthersFromMoving() throws IOException {
        var rows = sealedSegment();
        var damaged = rows.getFirst();
        var kept = rows.getLast();
        store.messages().expunge(inbox.id(), rows.subList(1, rows.size() - 1).stream().map(MessageRow::uid).toList(), null);
        try (var file = FileChannel.open(directory.resolve("bodies/00000000.seg"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'?'}), Segments.HEADER + 40L);
        }
        store.tidy();
        assertThat(directory.resolve("bodies/00000000.seg")).exists();
        assertThat(store.figures().get("compacted_bytes")).isPositive();
        assertThat(store.messages().open(kept).readAll()).isEqualTo(SMALL);
        assertThat(store.messages().row(inbox.id(), damaged.uid())).isPresent();
    }
}
