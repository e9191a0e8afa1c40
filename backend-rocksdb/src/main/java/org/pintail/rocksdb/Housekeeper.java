package org.pintail.rocksdb;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has to be done now and then, on a thread of its own: expired documents and journal entries, orphaned attachments, segments.
final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration JOURNAL_KEPT = Duration.ofHours(3);
    private static final int AT_ONCE = 1000;
    private final Db db;
    private final Committer committer;
    private final RocksDocuments documents;
    private final RocksAttachments attachments;
    private final Compaction compaction;
    private final Segments bodySegments;
    private final Segments attachmentSegments;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("store-housekeeper").factory());

    Housekeeper(
            Db db, Committer committer, RocksDocuments documents, RocksAttachments attachments, Compaction compaction, Segments bodySegments,
            Segments attachmentSegments, Clock clock) {
        this.db = db;
        this.committer = committer;
        this.documents = documents;
        this.attachments = attachments;
        this.compaction = compaction;
        this.bodySegments = bodySegments;
        this.attachmentSegments = attachmentSegments;
        this.clock = clock;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::runLogged, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    private void runLogged() {
        try {
            run();
        } catch (IOException | StoreException e) {
            LOG.warn("housekeeping failed, tried again in {} error={}", EVERY, e.toString());
        } catch (RuntimeException e) {
            LOG.error("housekeeping failed", e);
        }
    }

    /// One round of everything; one at a time.
    synchronized void run() throws IOException {
        documents.expire();
        trimJournal();
        attachments.collect();
        compaction.run(bodySegments, attachmentSegments);
    }

    private void trimJournal() {
        var oldest = new ObjectId(clock.instant().minus(JOURNAL_KEPT).getEpochSecond() << 32, 0);
        while (true) {
            var old = new ArrayList<byte[]>();
            db.scan(Family.JOURNAL, new byte[0], true, (key, _) -> {
                if (Keys.idAt(key, Keys.ID).compareTo(oldest) < 0) {
                    old.add(key);
                }
                return old.size() < AT_ONCE;
            });
            if (!old.isEmpty()) {
                committer.commit(txn -> {
                    old.forEach(key -> txn.delete(Family.JOURNAL, key));
                    return true;
                });
            }
            if (old.size() < AT_ONCE) {
                return;
            }
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("housekeeping still runs while the store closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
