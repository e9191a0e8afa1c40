package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;

/// A full disk refuses what grows, lets people read and delete, and is forgotten when there is room again.
class DiskFullTest {
    private static final long SEGMENT = 4 << 20;
    @TempDir
    Path temp;

    private final TestClock clock = new TestClock();
    private final TreeMap<Long, MessageRow> acknowledged = new TreeMap<>();
    private boolean mounted;
    private long seed = 7;

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", temp.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    /// Makes the directory a disk of its own, where the machine lets us.
    private void smallDisk() throws Exception {
        try {
            mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", temp.toString());
        } catch (IOException e) {
            mounted = false;
        }
        assumeTrue(mounted, "a small disk cannot be mounted here (it takes root)");
    }

    private RocksStore open(long reserve) {
        return RocksStore.open(new RocksStore.Settings(temp.resolve("store"), null, SEGMENT, reserve), clock);
    }

    private void append(RocksStore store, Mailbox to) {
        seed += 40; // a large one
        var row = store.messages().append(List.of(CrashMail.message(to, seed, false))).getFirst();
        acknowledged.put(row.uid(), row);
    }

    private void expunge(RocksStore store, Mailbox from, List<Long> uids) {
        assertThat(store.messages().expunge(from.id(), uids, null)).containsExactlyElementsOf(uids);
        uids.forEach(acknowledged::remove);
    }

    private void assertNothingLost(RocksStore store, Mailbox in) throws IOException {
        var found = store.messages().rows(in.id());
        assertThat(found.stream().map(MessageRow::uid)).containsExactlyElementsOf(acknowledged.keySet());
        for (var row : found) {
            assertThat(store.messages().open(row).readAll()).isEqualTo(CrashMail.raw(CrashMail.seedOf(row)));
        }
    }

    @Test
    void belowTheReserveOnlyGrowthIsRefused() throws IOException {
        Mailbox inbox;
        try (var store = open(0)) {
            inbox = Samples.inbox(store);
            for (int i = 0; i < 3; i++) {
                append(store, inbox);
            }
        }
        try (var store = open(Long.MAX_VALUE / 2)) {
            assertThatThrownBy(() -> append(store, inbox)).isInstanceOf(StoreException.Full.class);
            assertThatThrownBy(() -> store.messages().copy(inbox.id(), List.of(1L), inbox.id(), 0, null)).isInstanceOf(StoreException.Full.class);
            assertThatThrownBy(() -> Samples.mailbox(store, inbox.account(), "more")).isInstanceOf(StoreException.Full.class);
            var entry = Samples.queued("0123456789abcdef01", Instant.EPOCH, "example.com");
            assertThatThrownBy(() -> store.queue().enqueue(List.of(entry))).isInstanceOf(StoreException.Full.class);
            assertThatThrownBy(store::checkWritable).isInstanceOf(StoreException.Full.class);
            store.messages().changeFlags(inbox.id(), _ -> true, _ -> Flags.of("\\Deleted"), Long.MAX_VALUE, null);
            expunge(store, inbox, List.of(1L));
            store.messages().move(inbox.id(), List.of(2L), inbox.id(), null);
            acknowledged.put(4L, acknowledged.remove(2L));
            assertNothingLost(store, inbox);
        }
        try (var store = open(0)) {
            store.checkWritable();
            append(store, inbox);
            assertNothingLost(store, inbox);
        }
    }

    @Test
    void aDiskThatFillsUpGivesItsRoomBackByExpunging() throws Exception {
        smallDisk();
        Mailbox inbox;
        try (var store = open(0)) {
            inbox = Samples.inbox(store);
            fill(store, inbox);
            assertThat(acknowledged.size()).isGreaterThan(100);
            assertNothingLost(store, inbox);
            assertThatThrownBy(() -> append(store, inbox)).isInstanceOf(StoreException.Full.class);
            var leaving = acknowledged.keySet().stream().filter(uid -> uid % 4 != 0).toList();
            expunge(store, inbox, leaving);
            assertThatThrownBy(() -> append(store, inbox)).isInstanceOf(StoreException.Full.class);
            // segments are rewritten in the little room there is, and their files go when nobody can be reading them any more
            for (int i = 0; i < 3; i++) {
                store.tidy();
                clock.advance(Duration.ofMinutes(10));
            }
            append(store, inbox);
            assertNothingLost(store, inbox);
        }
        assertThat(StoreCheck.problems(temp.resolve("store"))).isEmpty();
    }

    private void fill(RocksStore store, Mailbox inbox) {
        try {
            while (true) {
                append(store, inbox);
            }
        } catch (StoreException.Full e) {
            assertThat(e).hasMessageContaining("full");
        }
    }

    /// Somebody else fills the disk to the last byte, past our reserve.
    @Test
    void whenNothingCanBeWrittenAtAllNothingIsLostAndWorkGoesOnAfterwards() throws Exception {
        smallDisk();
        Mailbox inbox;
        try (var store = open(-1)) {
            inbox = Samples.inbox(store);
            for (int i = 0; i < 20; i++) {
                append(store, inbox);
            }
            var ballast = temp.resolve("ballast");
            fillToTheBrim(ballast);
            for (int i = 0; i < 200; i++) {
                try {
                    append(store, inbox);
                    fillToTheBrim(ballast);
                } catch (StoreException.Full | StoreException.Unavailable e) {
                    assertNothingLost(store, inbox);
                }
            }
            assertThatThrownBy(() -> append(store, inbox)).isInstanceOf(StoreException.Full.class);
            fillTheIndex(store, inbox);
            assertNothingLost(store, inbox);
            Files.delete(ballast);
            awaitRoom(store);
            append(store, inbox);
            expunge(store, inbox, List.of(2L, 3L));
            append(store, inbox);
            assertNothingLost(store, inbox);
        }
        assertThat(StoreCheck.problems(temp.resolve("store"))).isEmpty();
        try (var store = open(0)) {
            assertNothingLost(store, inbox);
        }
    }

    /// Until its log or its tables find no room either.
    private void fillTheIndex(RocksStore store, Mailbox inbox) {
        var row = store.messages().row(inbox.id(), 1).orElseThrow();
        var large = "x".repeat(200_000);
        for (int i = 0; i < 1000; i++) {
            try {
                int n = i;
                store.messages().updateDetails(row, d -> d.with("large", n + large));
            } catch (StoreException.Full | StoreException.Unavailable e) {
                assertThat(e).isInstanceOf(StoreException.Full.class);
                return;
            }
        }
        throw new AssertionError("the index found room on a full disk");
    }

    /// The index looks every few seconds whether there is room again.
    private static void awaitRoom(RocksStore store) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                store.checkWritable();
                return;
            } catch (StoreException.Full | StoreException.Unavailable e) {
                if (System.nanoTime() > until) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    private static void fillToTheBrim(Path file) {
        var block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).isNotNull(); // no room left
        }
    }
}
