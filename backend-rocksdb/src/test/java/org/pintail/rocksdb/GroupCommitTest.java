package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Samples;

/// How many times the disk is asked to sync for a message, counted where it happens.
class GroupCommitTest {
    private static final int MESSAGES = 2000;
    private static final int SIZE = 8000;
    @TempDir
    Path temp;

    private interface Append {
        void message(RocksStore store, Mailbox to, long number);
    }

    private record Measured(int appenders, double perMessage, double perGroup) {}

    private Measured measure(String what, int appenders, Append append) throws InterruptedException {
        try (var store = RocksStore.open(RocksStore.Settings.at(temp.resolve(what + appenders)), Clock.systemUTC())) {
            var boxes = new ArrayList<Mailbox>();
            for (int i = 0; i < appenders; i++) {
                boxes.add(Samples.inbox(store));
            }
            long syncs = syncs(store);
            long groups = store.figures().getOrDefault("groups", 0L);
            long start = System.nanoTime();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < appenders; i++) {
                int thread = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int n = thread; n < MESSAGES; n += appenders) {
                        append.message(store, boxes.get(thread), n);
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            syncs = syncs(store) - syncs;
            groups = store.figures().getOrDefault("groups", 0L) - groups;
            var measured = new Measured(appenders, (double) syncs / MESSAGES, (double) syncs / groups);
            System.out.printf(
                    Locale.ROOT, "group commit: %s appenders=%d messages/s=%.0f syncs/message=%.3f syncs/group=%.2f%n", what, appenders,
                    MESSAGES / seconds, measured.perMessage(), measured.perGroup());
            return measured;
        }
    }

    private static long syncs(RocksStore store) {
        var figures = store.figures();
        return figures.getOrDefault("index_syncs", 0L) + figures.getOrDefault("segment_syncs", 0L);
    }

    private static void plain(RocksStore store, Mailbox to, long number) {
        store.messages().append(List.of(Samples.message(to, new byte[SIZE])));
    }

    private static void withAttachments(RocksStore store, Mailbox to, long number) {
        store.messages().append(List.of(Samples.inPieces(number).message(to)));
    }

    @Test
    void aMessageAloneCostsOneSync() throws InterruptedException {
        assertThat(measure("alone", 1, GroupCommitTest::plain).perMessage()).isLessThan(1.05);
        assertThat(measure("alone, attachments", 1, GroupCommitTest::withAttachments).perMessage()).isLessThan(1.05);
    }

    @Test
    void manyTogetherShareTheirs() throws InterruptedException {
        assertThat(measure("together", 64, GroupCommitTest::plain).perMessage()).isLessThan(0.5);
        assertThat(measure("together, attachments", 64, GroupCommitTest::withAttachments).perMessage()).isLessThan(0.5);
    }
}
