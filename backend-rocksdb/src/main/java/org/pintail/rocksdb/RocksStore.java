package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Attachments;
import org.pintail.backend.Cluster;
import org.pintail.backend.Documents;
import org.pintail.backend.Imports;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Messages;
import org.pintail.backend.Queue;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// The embedded engine, over one directory (and another one for attachments, if wanted). One process at a time.
public final class RocksStore implements Store {
    /// Raised when older programs could not read what is written any more.
    private static final long FORMAT = 2;

    private static final long SEGMENT = 256L << 20;
    private final Clock clock;
    private final Db db;
    private final Segments bodySegments;
    private final Segments attachmentSegments;
    private final Committer committer;
    private final FreeSpace space;
    private final Bodies bodies;
    private final Reads reads = new Reads();
    private final RocksDocuments documents;
    private final RocksMailboxes mailboxes;
    private final RocksMessages messages;
    private final RocksAttachments attachments;
    private final RocksQueue queue;
    private final Cluster cluster;
    private final Compaction compaction;
    private final Housekeeper housekeeper;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Where the store is. `attachmentsDirectory` null: beside the bodies. `segmentBytes`: size at which a segment is full. `reserve`: free
    /// bytes of a disk below which nothing new is taken; 0 is a twentieth of the disk and at most 64 MiB, negative is none.
    public record Settings(Path directory, @Nullable Path attachmentsDirectory, long segmentBytes, long reserve) {
        public Settings(Path directory, @Nullable Path attachmentsDirectory, long segmentBytes) {
            this(directory, attachmentsDirectory, segmentBytes, 0);
        }

        public static Settings at(Path directory) {
            return new Settings(directory, null, SEGMENT);
        }
    }

    private RocksStore(Settings settings, Db db, Clock clock, Cluster cluster) throws IOException {
        this.clock = clock;
        this.db = db;
        this.cluster = cluster;
        var bodiesPath = settings.directory().resolve("bodies");
        var attachmentsPath =
                settings.attachmentsDirectory() == null ? settings.directory().resolve("attachments") : settings.attachmentsDirectory();
        var bodiesAt = Positions.read(db, Place.Kind.BODIES);
        var attachmentsAt = Positions.read(db, Place.Kind.ATTACHMENTS);
        this.bodySegments = Segments.open(bodiesPath, settings.segmentBytes(), bodiesAt.segment(), bodiesAt.length());
        this.attachmentSegments = Segments.open(attachmentsPath, settings.segmentBytes(), attachmentsAt.segment(), attachmentsAt.length());
        this.space = new FreeSpace(settings.reserve(), settings.directory(), attachmentsPath);
        var ledger = new Ledger(db, clock);
        this.bodies = new Bodies(db, bodySegments, attachmentSegments);
        Carried.restore(db, Place.Kind.BODIES, bodySegments);
        Carried.restore(db, Place.Kind.ATTACHMENTS, attachmentSegments);
        requireSegments(db, Place.Kind.BODIES, bodySegments);
        requireSegments(db, Place.Kind.ATTACHMENTS, attachmentSegments);
        this.committer = new Committer(db, bodySegments, attachmentSegments, space, this::committed);
        this.documents = new RocksDocuments(db, committer, clock);
        this.mailboxes = new RocksMailboxes(db, committer, ledger, clock);
        this.messages = new RocksMessages(db, committer, ledger, bodies, reads, mailboxes);
        this.attachments = new RocksAttachments(db, committer, bodies);
        this.queue = new RocksQueue(db, committer, bodies, clock.instant());
        this.compaction = new Compaction(db, committer, space, clock);
        this.housekeeper =
                new Housekeeper(db, committer, documents, attachments, compaction, bodySegments, attachmentSegments, clock);
    }

    /// Opens or creates the store. Throws [StoreException.Unavailable] when another process has it or when a newer program wrote it,
    /// [StoreException.Corrupt] when acknowledged bytes are missing.
    public static RocksStore open(Settings settings, Clock clock) {
        return open(settings, clock, new LocalCluster(clock));
    }

    /// As above, telling `cluster` of every change.
    public static RocksStore open(Settings settings, Clock clock, Cluster cluster) {
        try {
            Files.createDirectories(settings.directory());
            var db = Db.open(Files.createDirectories(settings.directory().resolve("index")));
            try {
                checkFormat(db, settings.directory());
                var store = new RocksStore(settings, db, clock, cluster);
                store.begin();
                return store;
            } catch (IOException | RuntimeException e) {
                db.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("the store at " + settings.directory() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void checkFormat(Db db, Path directory) {
        var value = db.get(Family.META, Keys.text("format"));
        if (value != null && Keys.number(value) > FORMAT) {
            throw new StoreException.Unavailable("the store at " + directory + " has format " + Keys.number(value)
                    + "; this program reads formats up to " + FORMAT + ". Use the newer program that wrote it.");
        }
    }

    private static void requireSegments(Db db, Place.Kind kind, Segments segments) {
        db.scan(Family.SEGMENTS, new byte[] {(byte) kind.ordinal()}, true, (key, live) -> {
            boolean mine = key[0] == kind.ordinal();
            int segment = ByteBuffer.wrap(key, 1, Integer.BYTES).getInt();
            if (mine && Keys.number(live) > 0 && !segments.has(segment)) {
                throw new StoreException.Corrupt(
                        kind + " segment " + segment + " is not there, but " + Keys.number(live) + " bytes in it were acknowledged");
            }
            return mine;
        });
    }

    private void begin() {
        committer.commit(txn -> {
            txn.put(Family.META, Keys.text("format"), Keys.number(FORMAT));
            db.begin(txn);
            Carried.forgetAll(txn);
            return true;
        });
        queue.begin();
        mailboxes.unfinishedPurges().forEach(mailboxes::purge);
        housekeeper.start();
    }

    /// Runs on the committer after each group.
    private void committed(Txn txn) {
        txn.touched().forEach(cluster.events()::publish);
        if (txn.queueTouched()) {
            queue.wake();
        }
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public Mailboxes mailboxes() {
        return mailboxes;
    }

    @Override
    public Messages messages() {
        return messages;
    }

    @Override
    public Attachments attachments() {
        return attachments;
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public Imports imports() {
        return new RocksImports(committer, mailboxes, bodies);
    }

    @Override
    public long check(boolean repair, Consumer<String> problem) {
        return new Recount(db, committer, problem).run(repair);
    }

    @Override
    public Map<String, Long> figures() {
        var figures = new LinkedHashMap<String, Long>();
        figures.put("commits", committer.commits.get());
        figures.put("groups", committer.groups.get());
        figures.put("index_syncs", db.syncs.get());
        figures.put("segment_syncs", bodySegments.syncs.get() + attachmentSegments.syncs.get());
        figures.put("body_bytes", bodySegments.bytesWritten.get());
        figures.put("attachment_bytes", attachmentSegments.bytesWritten.get());
        figures.put("segments", (long) bodySegments.count() + attachmentSegments.count());
        figures.put("segment_bytes", bodySegments.bytes() + attachmentSegments.bytes());
        figures.put("live_bytes", compaction.liveBytes());
        figures.put("compacted_bytes", compaction.rewritten.get());
        figures.put("compacted_segments", compaction.dropped.get());
        figures.put("reclaimed_bytes", compaction.reclaimed.get());
        figures.put("changes_read", messages.changesRead.get());
        figures.put("queue_rows", queue.count());
        return figures;
    }

    @Override
    public void checkWritable() {
        space.check();
        committer.commitGrowing(txn -> {
            txn.put(Family.META, Keys.text("checked"), Keys.number(System.currentTimeMillis()));
            return true;
        });
    }

    /// Runs housekeeping now instead of in a while; blocks until it is done.
    public void tidy() throws IOException {
        housekeeper.run();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        housekeeper.close();
        committer.close();
        reads.close();
        try {
            compaction.close();
            bodySegments.close();
            attachmentSegments.close();
        } catch (IOException e) {
            throw new StoreException.Unavailable("segments not closed: " + e.getMessage(), e);
        } finally {
            db.close();
        }
    }
}
