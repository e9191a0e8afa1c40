package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.AttachmentsContract;
import org.pintail.backend.CountersContract;
import org.pintail.backend.DocumentsContract;
import org.pintail.backend.EventsContract;
import org.pintail.backend.ImportsContract;
import org.pintail.backend.Jobs;
import org.pintail.backend.JobsContract;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.LocksContract;
import org.pintail.backend.MailboxesContract;
import org.pintail.backend.MessagesContract;
import org.pintail.backend.OneTimeContract;
import org.pintail.backend.QueueContract;
import org.pintail.backend.Samples;
import org.pintail.backend.SeatsContract;
import org.pintail.backend.SignalsContract;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;

/// The embedded engine keeps every contract, and what only an engine on disk can promise.
class RocksStoreTest
        implements AttachmentsContract,
                CountersContract,
                DocumentsContract,
                EventsContract,
                JobsContract,
                LocksContract,
                ImportsContract,
                MailboxesContract,
                MessagesContract,
                OneTimeContract,
                QueueContract,
                SeatsContract,
                SignalsContract {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private RocksStore store;

    @BeforeEach
    void open() {
        store = RocksStore.open(new RocksStore.Settings(directory, null, 1 << 20), clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public TestClock clock() {
        return clock;
    }

    @Test
    void aSecondOpenerIsRefusedAndToldWhy() {
        assertThatThrownBy(() -> RocksStore.open(RocksStore.Settings.at(directory), Clock.systemUTC()))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("in use");
    }

    @Test
    void aStoreOfANewerFormatIsRefused() {
        store.close();
        try (var db = Db.open(directory.resolve("index"));
                var batch = new org.rocksdb.WriteBatchWithIndex(true)) {
            batch.put(db.handle(Family.META), Keys.text("format"), Keys.number(99));
            db.write(batch);
        } catch (org.rocksdb.RocksDBException e) {
            throw Db.failed(e);
        }
        assertThatThrownBy(() -> RocksStore.open(RocksStore.Settings.at(directory), Clock.systemUTC()))
                .hasMessageContaining("format 99")
                .hasMessageContaining("newer program");
        // for close() after the test: the store is closed already
    }

    /// Nobody else can have claimed them: they do not have to wait for the end of a lease whose holder is gone.
    @Test
    void whatAProcessHadClaimedWhenItEndedIsDueAtTheNextOpen() {
        var entry = Samples.queued("000000000000000001", clock.instant(), "a.example");
        store.queue().enqueue(List.of(entry));
        var lost = store.queue().claim("default", clock.instant(), Duration.ofHours(1), Set.of(), 9).getFirst();
        store.close();
        open();
        var again = store.queue().claim("default", clock.instant(), Duration.ofHours(1), Set.of(), 9);
        assertThat(again).hasSize(1);
        assertThat(store.queue().settle(lost, List.of())).isFalse();
        assertThat(store.queue().settle(again.getFirst(), List.of())).isTrue();
    }

    @Test
    void whatStandsBehindTheLastCommitIsCutAtOpen() throws IOException {
        store.close();
        var segment = directory.resolve("bodies/00000000.seg");
        long before = Files.size(segment);
        Files.write(segment, new byte[3000], java.nio.file.StandardOpenOption.APPEND);
        open();
        assertThat(Files.size(segment)).isEqualTo(before);
    }

    @Test
    void theJournalStaysInOrderWhenTheClockGoesBack() {
        clock.advance(Duration.ofHours(1));
        var m = Samples.inbox(store);
        store.messages().append(List.of(Samples.message(m, "a")));
        var last = store.messages().lastJournalEntry(m.account());
        store.close();
        store = RocksStore.open(new RocksStore.Settings(directory, null, 1 << 20), new TestClock());
        store.messages().append(List.of(Samples.message(m, "b")));
        var more = store.messages().journal(m.account(), last.orElseThrow(), 10);
        assertThat(more.stream().map(JournalEntry::uid)).containsExactly(2L);
    }

    @Test
    void jobsAreThereAfterARestart() {
        store.jobs().add(new Jobs.NewJob("q", "waits", 2, Duration.ZERO));
        store.jobs().add(new Jobs.NewJob("q", "runs", 2, Duration.ZERO));
        store.jobs().claim("q", Duration.ofMinutes(5), 1);
        store.close();
        open();
        assertThat(store.jobs().waiting("q")).isEqualTo(2);
        assertThat(store.jobs().claim("q", Duration.ofMinutes(5), 9)).hasSize(1);
        clock.advance(Duration.ofMinutes(6));
        assertThat(store.jobs().claim("q", Duration.ofMinutes(5), 9)).as("nobody came back for them").hasSize(2);
    }

    @Test
    void aMissingSegmentIsNoticedAtOpen() throws IOException {
        var m = Samples.inbox(store);
        for (int i = 0; i < 3; i++) {
            store.messages().append(List.of(Samples.message(m, new byte[600_000])));
        }
        store.close();
        Files.delete(directory.resolve("bodies/00000001.seg"));
        assertThatThrownBy(this::open).isInstanceOf(StoreException.Corrupt.class).hasMessageContaining("segment 1");
    }

    @Test
    void whoeverIsAtWorkWhenTheStoreClosesIsAnswered() throws InterruptedException {
        var m = Samples.inbox(store);
        var kept = store.messages().append(List.of(Samples.message(m, "kept"))).getFirst();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var running = new CountDownLatch(8);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            boolean writes = i % 2 == 0;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    running.countDown();
                    while (true) {
                        if (writes) {
                            store.messages().append(List.of(Samples.message(m, "x")));
                        } else {
                            store.messages().rows(m.id());
                            store.messages().content(kept);
                        }
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        running.await();
        store.close();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(failures).hasSize(8).allMatch(e -> e instanceof StoreException.Unavailable);
    }
}
