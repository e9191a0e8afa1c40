package org.pintail.mongodb;

import com.mongodb.event.CommandListener;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Attachments;
import org.pintail.backend.Chore;
import org.pintail.backend.Cluster;
import org.pintail.backend.Documents;
import org.pintail.backend.Imports;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Messages;
import org.pintail.backend.Queue;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine over MongoDB. Any number of processes may have it open; what they tell each other goes through a [Cluster].
public final class MongoStore implements Store {
    /// How often attachments are collected, and how long nothing must have referred to one before.
    private static final Duration COLLECTING = Duration.ofMinutes(15);

    private static final Duration UNTOUCHED = Duration.ofDays(1);
    private static final Logger LOG = LoggerFactory.getLogger(MongoStore.class);
    private final Databases databases;
    private final Duration patience;
    private final @Nullable DatabaseTime time;
    private final Clock clock;
    private final Cluster cluster;
    private final MongoDocuments documents;
    private final MongoAttachments attachments;
    private final MongoMailboxes mailboxes;
    private final MongoMessages messages;
    private final MongoImports imports;
    private final MongoQueue queue;
    private final Endings endings;
    private final Housekeeper housekeeper;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// What a store needs of its surroundings.
    public record Surroundings(Clock clock, Renderer renderer, Cluster cluster) {}

    private MongoStore(Databases databases, MongoSettings settings, Surroundings with) {
        this.databases = databases;
        this.patience = settings.patience();
        this.time = settings.expiring() ? new DatabaseTime(with.clock(), databases::time) : null;
        this.clock = time == null ? with.clock() : time.withZone(ZoneOffset.UTC);
        this.cluster = with.cluster();
        var events = cluster.events();
        this.documents = new MongoDocuments(databases, clock);
        this.attachments = new MongoAttachments(databases, settings.helping(), clock);
        var boxes = new Boxes(databases, settings.helping());
        var journal = new Journal(databases, clock);
        var usage = new Usage(databases);
        var leaving = new Leaving(databases, boxes, attachments, usage, clock);
        var finishing = new Finishing(databases, boxes, journal, leaving, usage, events);
        this.endings = new Endings(databases, boxes, usage, journal, leaving, finishing, events, settings.helping());
        boxes.tell(endings);
        var arrivals = new Arrivals(databases, boxes, journal, leaving, endings);
        this.mailboxes = new MongoMailboxes(databases, boxes, finishing, journal, leaving, events, clock);
        var parts = new MongoMessages.Parts(boxes, finishing, arrivals, leaving, journal, attachments, usage, mailboxes);
        this.messages = new MongoMessages(databases, parts, with.renderer(), events);
        this.imports = new MongoImports(databases, attachments, usage);
        this.queue = new MongoQueue(databases, clock);
        this.housekeeper = new Housekeeper(boxes, finishing, mailboxes, queue, settings.helping(), time);
    }

    /// Connects, and makes the collections and indexes that are missing. Throws [StoreException.Unavailable] when nobody answers.
    public static MongoStore open(MongoSettings settings, Surroundings with) {
        return open(settings, with, null);
    }

    /// As [#open], `listener` hears of every command.
    static MongoStore open(MongoSettings settings, Surroundings with, @Nullable CommandListener listener) {
        var store = new MongoStore(Databases.open(settings, listener), settings, with);
        try {
            store.start();
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void start() {
        if (time != null) {
            time.compare();
        }
        housekeeper.start();
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
    public List<Chore> chores() {
        return List.of(new Chore("collect-attachments", COLLECTING, turn -> attachments.collect(UNTOUCHED)));
    }

    @Override
    public Imports imports() {
        return imports;
    }

    @Override
    public long check(boolean repair, Consumer<String> problem) {
        return new Recount(databases, attachments, problem).run(repair);
    }

    @Override
    public Map<String, Long> others(Set<String> known) {
        return new Others(databases).count(known);
    }

    @Override
    public Map<String, Long> figures() {
        var figures = new LinkedHashMap<String, Long>();
        figures.put("attachments", attachments.count());
        figures.put("queue_rows", queue.count());
        figures.put("helped_steps", housekeeper.helped());
        return figures;
    }

    @Override
    public void checkWritable() {
        if (closed.get()) {
            throw new StoreException.Unavailable("the store is closed");
        }
        databases.table("health").upsert(
                org.pintail.backend.Document.of("_id", "pintail"),
                org.pintail.backend.Document.of("$inc", org.pintail.backend.Document.of("checks", 1L)));
    }

    /// Runs the housekeeping now: for tests.
    void tidy() {
        housekeeper.run();
    }

    Databases databases() {
        return databases;
    }

    /// Finishes what waits, if the database lets it within the time that any work has patience for; else others do that, or this store when it is
    /// opened again.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        housekeeper.stop();
        var last = Thread.ofVirtual().name("mongodb-close").start(() -> {
            endings.close();
            documents.close();
            housekeeper.close();
        });
        try {
            if (!last.join(patience)) {
                LOG.warn("the database does not answer; what waits for it is left to other nodes, or to the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            databases.close();
        }
    }
}
