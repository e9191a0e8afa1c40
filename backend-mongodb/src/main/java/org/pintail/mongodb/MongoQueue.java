package org.pintail.mongodb;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.backend.StoreException;
import org.pintail.backend.Wakes;
import org.pintail.mime.Source;

/// The queue in `zone-queue` and `mail.files`. `queued` is when a row may be claimed next: its due time, or the end of a lease.
///
/// Rows come staged (locked, assigned to "staged"), then the file entries; the entry of the first message is the decision, after it the
/// rows are unlocked. Settling stages what comes with it first; marking the row as settled is the decision, then what came with it is
/// unlocked and the row goes. [#tidy] finishes or removes what stands half way.
final class MongoQueue implements Queue {
    private static final String ALL = "";
    private static final String STAGED = "staged";
    private static final String SETTLED = "settled";
    private static final String HELD = "held";
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final int PAGE = 500;
    private final Table rows;
    private final Table files;
    private final Chunks chunks;
    private final Clock clock;
    private final Wakes<String, String> wakes = new Wakes<>();

    MongoQueue(Databases databases, Clock clock) {
        this.rows = databases.table(Declared.Place.QUEUE, "zone-queue");
        this.files = databases.table(Declared.Place.QUEUE, "mail.files");
        this.chunks = new Chunks(databases.table(Declared.Place.QUEUE, "mail.chunks"));
        this.clock = clock;
    }

    @Override
    public void enqueue(QueuedMessage message, Source body, List<QueueRow> rowsOfIt) {
        enqueue(List.of(new Entry(message, body, rowsOfIt)));
    }

    @Override
    public void enqueue(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        stage(entries, null);
        unlock(entries);
        wakes.wake(ALL, ALL);
    }

    private static void check(List<Entry> entries) {
        var ids = new HashSet<String>();
        for (var e : entries) {
            var seqs = new HashSet<String>();
            for (var row : e.rows()) {
                if (!row.id().equals(e.message().id()) || !seqs.add(row.seq())) {
                    throw new IllegalArgumentException("row " + row.id() + "." + row.seq() + " does not fit its message");
                }
            }
            if (seqs.isEmpty()) {
                throw new IllegalArgumentException("message " + e.message().id() + " without rows");
            }
            if (!ids.add(e.message().id())) {
                throw new StoreException.Duplicate("queue");
            }
        }
    }

    /// Everything is there, nothing can be claimed. `settling` is the row that decides about it; null: the first message does, last inserted.
    private void stage(List<Entry> entries, @Nullable QueueRow settling) {
        check(entries);
        for (var e : entries) {
            if (files.first(Table.Query.of(Document.of("filename", "message " + e.message().id())).fields("_id")).isPresent()) {
                throw new StoreException.Duplicate("queue");
            }
        }
        var now = clock.instant();
        var staged = new ArrayList<Entry>();
        try {
            for (var e : entries.reversed()) {
                var first = entries.getFirst().message().id();
                var with = settling != null ? settling.id() + "." + settling.seq() : first.equals(e.message().id()) ? null : first;
                staged.add(e);
                var file = QueueDocument.file(e.message(), e.body(), with, now);
                for (var row : e.rows()) {
                    rows.insert(QueueDocument.staged(row, with, now));
                }
                if (!chunks.write(file.entry().id(), file.body())) {
                    throw new StoreException.Duplicate("queue");
                }
                files.insert(file.entry());
            }
        } catch (StoreException.Duplicate e) {
            unstage(staged.subList(0, Math.max(0, staged.size() - 1)), e);
            throw new StoreException.Duplicate("queue");
        } catch (IOException e) {
            var failed = new StoreException.Unavailable("the body of a queued message cannot be read", e);
            unstage(staged, failed);
            throw failed;
        } catch (RuntimeException e) {
            unstage(staged, e);
            throw e;
        }
    }

    private void unstage(List<Entry> entries, RuntimeException why) {
        try {
            for (var e : entries) {
                removeStaged(e.message().id());
            }
        } catch (StoreException e) {
            why.addSuppressed(e); // stays staged, and is removed in a while
        }
    }

    private void unlock(List<Entry> entries) {
        entries.forEach(e -> unlock(e.message().id()));
    }

    private void unlock(String id) {
        var staged = Document.of("id", id, "assigned", STAGED);
        rows.updateAll(staged.with("pintail.held", true), Document.of("$set", Document.of("lockTime", 0, "assigned", HELD)));
        rows.updateAll(staged, Document.of("$set", Document.of("locked", false, "lockTime", 0, "assigned", "no")));
    }

    @Override
    public List<QueueRow> claim(String zone, Instant now, Duration lease, Set<String> skipDomains, int max) {
        var claimed = new ArrayList<QueueRow>();
        var filter = claimable(zone).with("queued", Document.of("$lte", now));
        if (!skipDomains.isEmpty()) {
            filter = filter.with("domain", Document.of("$nin", List.copyOf(skipDomains)));
        }
        while (claimed.size() < max) {
            var ends = now.plus(lease);
            long token = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
            var set = Document.of(
                    "locked", true, "lockTime", now.toEpochMilli(), "assigned", "pintail", "queued", ends, "pintail.lease", token,
                    "pintail.leaseEnds", ends);
            var found = rows.changeFirst(filter, Document.of("$set", set), Document.of("queued", 1, "id", 1, "seq", 1));
            if (found.isEmpty()) {
                break;
            }
            claimed.add(QueueDocument.row(found.get()));
        }
        return claimed;
    }

    @Override
    public boolean extend(QueueRow claimed, Instant ends) {
        var set = Document.of("$set", Document.of("queued", ends, "pintail.leaseEnds", ends));
        return claimed.lease() != 0 && rows.update(leased(claimed), set);
    }

    /// Rows that are free, or were claimed by one of us (their `queued` is when that ends).
    private static Document claimable(String zone) {
        return Document.of("sendingZone", zone, "assigned", Document.of("$in", List.of("no", "pintail")));
    }

    @Override
    public Optional<Instant> nextDue(String zone) {
        return rows.first(Table.Query.of(claimable(zone)).fields("queued").sort("queued", 1)).flatMap(d -> d.instant("queued"));
    }

    private static Document key(String id, String seq) {
        return Document.of("id", id, "seq", seq);
    }

    private static Document leased(QueueRow claimed) {
        return key(claimed.id(), claimed.seq()).with("pintail.lease", claimed.lease()).with("assigned", "pintail");
    }

    @Override
    public boolean defer(QueueRow claimed, Instant now, Instant due, String response) {
        if (claimed.lease() == 0) {
            return false;
        }
        var row = rows.first(leased(claimed)).map(QueueDocument::row);
        if (row.isEmpty()) {
            return false;
        }
        var first = row.get().firstDeferred() == null ? now : row.get().firstDeferred();
        var deferred = Document.of(
                "first", first.toEpochMilli(), "count", row.get().attempts() + 1, "last", now.toEpochMilli(), "next", due.toEpochMilli(),
                "response", response);
        var set = Document.of(
                "locked", false, "lockTime", 0, "assigned", "no", "queued", due, "_deferred", deferred, "pintail.due", due,
                "pintail.lease", 0L, "pintail.leaseEnds", null);
        return rows.updateOnce(leased(claimed), Document.of("$set", set));
    }

    @Override
    public boolean settle(QueueRow claimed, List<Entry> also) {
        if (claimed.lease() == 0 || rows.first(leased(claimed)).isEmpty()) {
            return false;
        }
        if (!also.isEmpty()) {
            stage(also, claimed);
        }
        var ids = also.stream().map(e -> e.message().id()).toList();
        var set = Document.of("assigned", SETTLED, "locked", true, "lockTime", clock.instant().toEpochMilli(), "pintail.also", ids);
        if (rows.change(leased(claimed), Document.of("$set", set)).isEmpty()) {
            unstage(also, new StoreException.Missing("the lease is lost"));
            return false;
        }
        finish(claimed.id(), claimed.seq(), ids);
        return true;
    }

    private void finish(String id, String seq, List<String> also) {
        also.forEach(this::unlock);
        rows.deleteOne(key(id, seq).with("assigned", SETTLED));
        removeIfLast(id);
        if (!also.isEmpty()) {
            wakes.wake(ALL, ALL);
        }
    }

    private void removeIfLast(String id) {
        if (rows.first(Table.Query.of(Document.of("id", id)).fields("_id")).isEmpty()) {
            removeMessage(id);
        }
    }

    private void removeMessage(String id) {
        var name = Document.of("filename", "message " + id);
        for (var file : files.all(Table.Query.of(name).fields("_id"))) {
            files.deleteOne(Document.of("_id", file.id()));
            chunks.delete(file.id());
        }
    }

    /// The rows last: they are how the rest is found.
    private void removeStaged(String id) {
        removeMessage(id);
        chunks.delete(QueueDocument.fileId(id)); // those that came before their entry
        rows.deleteAll(Document.of("id", id, "assigned", STAGED));
    }

    private Optional<Document> file(String id) {
        return files.first(Document.of("filename", "message " + id));
    }

    @Override
    public Optional<QueuedMessage> message(String id) {
        return file(id).map(QueueDocument::message);
    }

    @Override
    public Optional<Source> body(String id) {
        return file(id).map(f -> {
            var head = QueueDocument.head(f.document("metadata").orElse(Document.EMPTY));
            var body = chunks.source(f.id(), f.number("length"), (int) f.number("chunkSize"));
            return head.length == 0 ? body : Source.concat(Source.of(head), body);
        });
    }

    /// What is decided already, one way or the other.
    private static Document shown() {
        return Document.of("assigned", Document.of("$nin", List.of(STAGED, SETTLED)));
    }

    @Override
    public List<QueueRow> rows(String id) {
        return rows.all(Table.Query.of(Document.of("id", id).with(shown())).sort("seq", 1)).stream().map(QueueDocument::row).toList();
    }

    @Override
    public List<QueueRow> list(@Nullable QueueRow after, int limit) {
        if (limit <= 0) {
            return List.of();
        }
        var filter = shown();
        if (after != null) {
            filter = filter.with(
                    "$or",
                    List.of(
                            Document.of("id", after.id(), "seq", Document.of("$gt", after.seq())),
                            Document.of("id", Document.of("$gt", after.id()))));
        }
        return rows.all(Table.Query.of(filter).sort("id", 1, "seq", 1).limit(limit)).stream().map(QueueDocument::row).toList();
    }

    @Override
    public long count() {
        return rows.count(shown());
    }

    @Override
    public boolean hold(String id, String seq, boolean held) {
        var set = held
                ? Document.of("assigned", HELD, "locked", true, "pintail.held", true)
                : Document.of("assigned", "no", "locked", false, "pintail.held", false);
        boolean there = rows.update(key(id, seq).with(shown()), Document.of("$set", set));
        if (there && !held) {
            wakes.wake(ALL, ALL);
        }
        return there;
    }

    @Override
    public boolean retryNow(String id, String seq, Instant now) {
        var row = rows.first(key(id, seq).with(shown())).map(QueueDocument::row);
        if (row.isEmpty()) {
            return false;
        }
        boolean leased = row.get().lease() != 0;
        var due = Document.of("pintail.due", now);
        var set = leased ? due : due.with("queued", now);
        boolean there = rows.update(key(id, seq).with("pintail.lease", row.get().lease()), Document.of("$set", set));
        wakes.wake(ALL, ALL);
        return there;
    }

    @Override
    public boolean reschedule(String id, String seq, Instant now, Instant due) {
        boolean there = rows.update(free(id, seq, now), Document.of("$set", Document.of("pintail.due", due, "queued", due)));
        if (there) {
            wakes.wake(ALL, ALL);
        }
        return there;
    }

    /// A row that nobody holds a lease of.
    private static Document free(String id, String seq, Instant now) {
        return key(id, seq).with(shown()).with("pintail.leaseEnds", Document.of("$not", Document.of("$gt", now)));
    }

    @Override
    public boolean purge(String id, String seq, Instant now) {
        if (!rows.deleteOne(free(id, seq, now))) {
            return false;
        }
        removeIfLast(id);
        return true;
    }

    @Override
    public Events.Watch watch(Runnable wake) {
        return wakes.watch(ALL, _ -> wake.run());
    }

    /// Finishes what was decided and is not finished; removes what was staged long ago and never decided.
    void tidy() {
        for (var d : rows.all(Table.Query.of(Document.of("locked", true, "assigned", SETTLED)).limit(PAGE))) {
            finish(d.string("id", ""), d.string("seq", ""), RowDocument.pintail(d).strings("also"));
        }
        long before = clock.instant().minus(ABANDONED).toEpochMilli();
        var old = Document.of("locked", true, "assigned", STAGED, "lockTime", Document.of("$lt", before));
        for (var d : rows.all(Table.Query.of(old).limit(PAGE))) {
            decide(d.string("id", ""), RowDocument.pintail(d).string("with").orElse(null));
        }
    }

    private void decide(String id, @Nullable String with) {
        boolean byRow = with != null && with.indexOf('.') >= 0;
        boolean decided = file(id).isPresent() && !byRow && (with == null || file(with).isPresent());
        if (decided) {
            unlock(id);
            wakes.wake(ALL, ALL);
        } else {
            removeStaged(id);
        }
    }
}
