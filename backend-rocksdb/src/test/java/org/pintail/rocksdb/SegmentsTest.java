package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;

/// What segments promise to the committer.
class SegmentsTest {
    @TempDir
    Path directory;

    private Segments segments;

    @BeforeEach
    void open() throws IOException {
        segments = Segments.open(directory, 1000, 0, 0);
        segments.recover();
    }

    @Test
    void afterAFailedSyncNothingMoreIsTaken() throws IOException {
        segments.stage(new byte[10]);
        segments.write();
        segments.channelFor(0).close();
        assertThatThrownBy(() -> segments.sync()).isInstanceOf(Segments.SyncFailed.class);
        assertThatThrownBy(() -> segments.stage(new byte[10]))
                .isInstanceOf(Segments.SyncFailed.class)
                .satisfies(e -> assertThat(Segments.failed((IOException) e)).isInstanceOf(StoreException.Unavailable.class));
    }

    @Test
    void whatWasRolledBackIsWrittenOver() throws IOException {
        segments.stage(Samples.ascii("kept"));
        segments.write();
        var before = segments.end();
        segments.stage(Samples.ascii("forgotten"));
        segments.write();
        segments.rollBack(before);
        var place = segments.stage(Samples.ascii("other"));
        segments.write();
        assertThat(place.offset()).isEqualTo(before.position() + Segments.HEADER);
        assertThat(segments.read(place)).isEqualTo(Samples.ascii("other"));
    }

    @Test
    void bytesCountAsSyncedUpToTheLastSyncOnly() throws IOException {
        segments.stage(new byte[10]);
        segments.write();
        assertThat(segments.isSynced(0, segments.end().position())).isFalse();
        segments.sync();
        var synced = segments.end();
        assertThat(segments.isSynced(0, synced.position())).isTrue();
        segments.stage(new byte[10]);
        segments.write();
        assertThat(segments.isSynced(0, segments.end().position())).isFalse();
        segments.rollBack(synced);
        segments.stage(new byte[2000]); // does not fit: the next segment begins, and this one is synced
        assertThat(segments.end().segment()).isEqualTo(1);
        assertThat(segments.isSynced(0, 1000)).isTrue();
        assertThat(segments.isSynced(1, 1)).isFalse();
    }
}
