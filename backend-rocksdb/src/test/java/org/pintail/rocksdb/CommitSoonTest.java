package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;

/// What need not wait for the disk is written by its caller, beside the thread that writes everything else.
class CommitSoonTest {
    private static final int THREADS = 4;
    private static final int INSERTED = 200;
    private static final Collection THINGS = new Collection("things", List.of(Collection.Index.on("by_user", "user", "n")));
    private static final int BEFORE_THE_END = 400;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path temp;

    private RocksStore open() {
        return RocksStore.open(RocksStore.Settings.at(temp.resolve("store")), Clock.systemUTC());
    }

    private static long syncs(RocksStore store) {
        return store.figures().getOrDefault("index_syncs", 0L);
    }

    private static long groups(RocksStore store) {
        return store.figures().getOrDefault("groups", 0L);
    }

    @Test
    void itIsSyncedSoonThoughNobodyElseWrites() {
        try (var store = open()) {
            var inbox = Samples.inbox(store);
            store.messages().append(List.of(Samples.message(inbox, "one")));
            long syncs = syncs(store);
            long end = System.nanoTime() + PATIENCE_NANOS;
            store.messages().changeFlagsSoon(inbox.id(), List.of(1L), f -> Flags.of("k"), Long.MAX_VALUE, null);
            while (syncs(store) == syncs && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            assertThat(syncs(store)).isEqualTo(syncs + 1);
        }
    }

    @Test
    void whatNobodyWaitsForGoesWithTheNextCommit() {
        var thing = Document.of("_id", ObjectId.next(), "user", ObjectId.next(), "n", 1);
        var other = thing.with("_id", ObjectId.next());
        try (var store = open()) {
            var inbox = Samples.inbox(store);
            long groups = groups(store);
            store.documents().insertSoon(THINGS, thing);
            assertThat(groups(store)).isEqualTo(groups);
            store.messages().append(List.of(Samples.message(inbox, "one")));
            assertThat(groups(store)).isEqualTo(groups + 1);
            assertThat(store.documents().find(THINGS, thing.id())).contains(thing);
            assertThat(groups(store)).as("found without being written first").isEqualTo(groups + 1);
            store.documents().insertSoon(THINGS, other); // and nobody asks
        }
        try (var store = open()) {
            assertThat(store.documents().list(THINGS, null, true, 9)).containsExactlyInAnyOrder(thing, other);
        }
    }

    @Test
    void whatNobodyWaitsForIsWrittenSoonThoughNobodyElseWrites() {
        try (var store = open()) {
            Samples.inbox(store);
            long groups = groups(store);
            long end = System.nanoTime() + PATIENCE_NANOS;
            store.documents().insertSoon(THINGS, Document.of("_id", ObjectId.next(), "user", ObjectId.next()));
            while (groups(store) == groups && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            assertThat(groups(store)).isEqualTo(groups + 1);
        }
    }

    /// Also in the moment in which the committer writes it.
    @Test
    void whoInsertsSoonFindsItWhateverOthersWrite() throws InterruptedException {
        var missed = new ConcurrentLinkedQueue<String>();
        try (var store = open()) {
            var inbox = Samples.inbox(store);
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < THREADS; t++) {
                int number = t;
                threads.add(Thread.ofVirtual().start(() -> {
                    var user = ObjectId.next();
                    for (int i = 0; i < INSERTED; i++) {
                        var thing = Document.of("_id", ObjectId.next(), "user", user, "n", i);
                        store.documents().insertSoon(THINGS, thing);
                        if (i % THREADS == number) {
                            store.messages().append(List.of(Samples.message(inbox, "m" + number + '-' + i)));
                        }
                        store.documents().amendSoon(THINGS, thing, d -> d.with("seen", true));
                        var found = store.documents().list(THINGS, "by_user", List.of(user), null, true, INSERTED);
                        if (found.size() != i + 1 || !found.stream().allMatch(d -> d.bool("seen"))) {
                            missed.add(number + " has " + found.size() + " after " + (i + 1));
                        }
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            assertThat(missed).isEmpty();
            assertThat(store.documents().count(THINGS)).isEqualTo((long) THREADS * INSERTED);
        }
    }

    @Test
    void whateverWasAnsweredIsThereThoughTheStoreClosesMeanwhile() throws InterruptedException {
        var changed = new ConcurrentHashMap<MailboxId, Long>();
        var appended = new ConcurrentHashMap<MailboxId, Long>();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var threads = new ArrayList<Thread>();
        try (var store = open()) {
            var enough = new CountDownLatch(BEFORE_THE_END);
            for (int i = 0; i < THREADS; i++) {
                var inbox = Samples.inbox(store);
                store.messages().append(List.of(Samples.message(inbox, "one")));
                threads.add(untilClosed(failures, () -> {
                    var flags = Flags.of("k" + changed.getOrDefault(inbox.id(), 0L) % 50);
                    var done = store.messages().changeFlagsSoon(inbox.id(), List.of(1L), f -> flags, Long.MAX_VALUE, null).changed();
                    changed.put(inbox.id(), done.getFirst().modSeq());
                    enough.countDown();
                }));
                var other = Samples.inbox(store);
                threads.add(untilClosed(failures, () ->
                        appended.put(other.id(), store.messages().append(List.of(Samples.message(other, "two"))).getFirst().uid())));
            }
            enough.await();
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        try (var store = open()) {
            changed.forEach((mailbox, modSeq) -> assertThat(store.messages().row(mailbox, 1).orElseThrow().modSeq()).isEqualTo(modSeq));
            appended.forEach((mailbox, uid) -> assertThat(store.messages().rows(mailbox)).hasSize(uid.intValue()));
        }
    }

    private static Thread untilClosed(ConcurrentLinkedQueue<Throwable> failures, Runnable work) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    work.run();
                }
            } catch (StoreException.Unavailable closed) {
                return; // the end
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
    }
}
