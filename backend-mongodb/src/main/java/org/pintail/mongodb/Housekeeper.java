package org.pintail.mongodb;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every process does in the background: it finishes steps that others left standing. Several processes may do it at once.
final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    private static final int MOST = 500;
    private static final Duration COMPARING = Duration.ofSeconds(30);
    private final Boxes boxes;
    private final Finishing finishing;
    private final MongoMailboxes mailboxes;
    private final MongoQueue queue;
    private final Duration helping;
    private final @Nullable DatabaseTime time;
    private long compared = System.nanoTime();
    private final Map<ObjectId, Long> notesSince = new HashMap<>();
    private final AtomicLong helped = new AtomicLong();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mongodb-housekeeper").daemon().factory());

    Housekeeper(
            Boxes boxes, Finishing finishing, MongoMailboxes mailboxes, MongoQueue queue, Duration helping, @Nullable DatabaseTime time) {
        this.boxes = boxes;
        this.finishing = finishing;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.helping = helping;
        this.time = time;
    }

    void start() {
        long every = Math.max(1000, helping.toMillis());
        executor.scheduleWithFixedDelay(this::runLogged, every, every, TimeUnit.MILLISECONDS);
    }

    long helped() {
        return helped.get();
    }

    private void runLogged() {
        try {
            run();
        } catch (StoreException e) {
            LOG.warn("housekeeping has to wait error={}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("housekeeping failed", e);
        }
    }

    synchronized void run() {
        if (time != null && System.nanoTime() - compared > COMPARING.toNanos()) {
            time.compare();
            compared = System.nanoTime();
        }
        var standing = new HashSet<ObjectId>();
        for (var box : boxes.unfinished(MOST)) {
            box.steps().forEach(s -> standing.add(s.id()));
            try {
                finishing.settled(box);
            } catch (StoreException.Missing gone) {
                LOG.debug("a mailbox went while its steps were finished mailbox={}", box.id());
            }
        }
        boxes.remember(standing);
        notes();
        queue.tidy();
    }

    private void notes() {
        var standing = new HashSet<ObjectId>();
        for (var note : mailboxes.notes()) {
            standing.add(note.id());
            long since = notesSince.computeIfAbsent(note.id(), _ -> System.nanoTime());
            if (System.nanoTime() - since > helping.toNanos()) {
                mailboxes.finish(note);
                helped.incrementAndGet();
            }
        }
        notesSince.keySet().retainAll(standing);
    }

    /// Begins nothing more.
    void stop() {
        executor.shutdown();
    }

    @Override
    public void close() {
        stop();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
