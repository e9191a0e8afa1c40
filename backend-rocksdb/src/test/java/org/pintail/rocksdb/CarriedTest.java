package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;

/// Segments lose what was not synced, as when the power goes, and nothing is missing.
class CarriedTest {
    private static final int SEGMENT = 1 << 20;
    @TempDir
    Path temp;

    private Path directory;
    private Mailbox inbox;
    private final List<MessageRow> rows = new ArrayList<>();

    @BeforeEach
    void create() {
        directory = temp.resolve("store");
        try (var store = open(directory)) {
            inbox = Samples.inbox(store);
        }
    }

    private static RocksStore open(Path directory) {
        return RocksStore.open(new RocksStore.Settings(directory, null, SEGMENT), new TestClock());
    }

    private void append(RocksStore store, long seed) {
        rows.addAll(store.messages().append(List.of(CrashMail.message(inbox, seed, false))));
    }

    /// A store as the disk has it while nobody writes: a copy of every file, segments cut to `kept` bytes.
    private Path afterPowerLoss(long kept) throws IOException {
        var copy = temp.resolve("copy");
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var to = copy.resolve(directory.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
                if (to.toString().endsWith(".seg")) {
                    try (var channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
                        channel.truncate(kept);
                    }
                }
            }
        }
        return copy;
    }

    private void assertAllThere(RocksStore store) throws IOException {
        assertThat(store.messages().rows(inbox.id())).containsExactlyElementsOf(rows);
        for (var row : rows) {
            assertThat(store.messages().open(row).readAll()).isEqualTo(CrashMail.raw(CrashMail.seedOf(row)));
        }
    }

    @Test
    void bytesThatOnlyTheIndexHasOnDiskAreWrittenToTheirSegmentAtOpen() throws IOException {
        Path copy;
        try (var store = open(directory)) {
            for (long seed = 1; seed < 40; seed++) {
                append(store, seed); // with and without attachments
            }
            copy = afterPowerLoss(0);
        }
        try (var store = open(copy)) {
            assertAllThere(store);
            append(store, 99);
            assertAllThere(store);
        }
        assertThat(StoreCheck.problems(copy)).isEmpty();
        try (var store = open(copy)) {
            assertAllThere(store);
        }
    }

    @Test
    void afterASyncTheIndexForgets() throws IOException {
        long synced;
        Path copy;
        try (var store = open(directory)) {
            append(store, 1);
            var large = new byte[400_000];
            rows.addAll(store.messages().append(List.of(Samples.message(inbox, large))));
            synced = Files.size(directory.resolve("bodies/00000000.seg"));
            append(store, 2);
            copy = afterPowerLoss(synced);
            rows.remove(1);
        }
        try (var store = open(copy)) {
            assertThat(store.messages().rows(inbox.id())).hasSize(3);
            for (var row : rows) {
                assertThat(store.messages().open(row).readAll()).isEqualTo(CrashMail.raw(CrashMail.seedOf(row)));
            }
        }
        assertThat(carried()).isLessThan(10_000); // only the last small one
    }

    private long carried() {
        long[] sum = new long[1];
        try (var db = Db.open(directory.resolve("index"))) {
            db.scan(Family.CARRIED, new byte[0], true, (_, bytes) -> {
                sum[0] += bytes.length;
                return true;
            });
        }
        return sum[0];
    }

    @Test
    void muchIsNotCarriedForLong() {
        try (var store = open(directory)) {
            for (long seed = 1; seed < 2000; seed += 4) {
                append(store, seed);
                append(store, 7);
            }
        }
        assertThat(carried()).isBetween(1L, 4L << 20);
    }

    @Test
    void acknowledgedBytesThatNobodyHasAreNoticedAtOpen() throws IOException {
        try (var store = open(directory)) {
            rows.addAll(store.messages().append(List.of(Samples.message(inbox, new byte[400_000]))));
        }
        try (var file = FileChannel.open(directory.resolve("bodies/00000000.seg"), StandardOpenOption.WRITE)) {
            file.truncate(1000);
        }
        assertThatThrownBy(() -> open(directory)).isInstanceOf(StoreException.Corrupt.class).hasMessageContaining("acknowledged");
    }
}
