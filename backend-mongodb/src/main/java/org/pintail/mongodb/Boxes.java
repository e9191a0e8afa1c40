package org.pintail.mongodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// The documents of mailboxes: where steps begin and end. A step begins with one conditional update that takes its uids and modseqs and
/// announces it; the condition is that `uidNext` and `modifyIndex` are what they were when the step was planned, so plans never meet. It ends
/// with one update that takes the announcement away and changes the counters.
final class Boxes {
    private static final int TRIES = 400;
    private static final int LONGEST_PAUSE_MS = 40;
    private static final int MOST_KEYWORDS = 100;
    private static final int MOST_RECENT = 5000;
    private static final Duration RECENT = Duration.ofMinutes(1);
    private static final int UNDONE = 100; // ids of steps that a mailbox remembers to have undone
    private final Table table;
    private final Table messages;
    private final Duration helping;
    private final Cache<MailboxId, Box> recent =
            Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_RECENT).expireAfterWrite(RECENT).build();

    /// Mailboxes that other processes change as well, as a guess about them has shown: they are read before they are planned for.
    private final Cache<MailboxId, Boolean> shared =
            Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_RECENT).expireAfterWrite(RECENT).build();

    private final Map<ObjectId, Long> seenSince = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();
    private final List<Reader> readers = new CopyOnWriteArrayList<>();

    /// What a step takes and announces.
    record Plan(int uids, int modSeqs, Step step, List<String> keywords) {}

    Boxes(Databases databases, Duration helping) {
        this.table = databases.table("mailboxes");
        this.messages = databases.table("messages");
        this.helping = helping;
    }

    /// Who is told that somebody is about to look into a mailbox.
    interface Reader {
        void reads(MailboxId mailbox);

        void reads(AccountId account);
    }

    void tell(Reader reader) {
        readers.add(reader);
    }

    Table table() {
        return table;
    }

    Optional<Box> find(MailboxId id) {
        readers.forEach(r -> r.reads(id));
        return read(id);
    }

    /// As [#find], with deliveries of this process that still wait for their end.
    Optional<Box> read(MailboxId id) {
        return remembered(table.first(Document.of("_id", id.value())).map(Box::of));
    }

    Optional<Box> find(AccountId account, String path) {
        reads(account);
        return remembered(table.first(Document.of("user", account.value(), "path", path)).map(Box::of));
    }

    /// To be called before mailboxes of an account are read in another way than through [#find].
    void reads(AccountId account) {
        readers.forEach(r -> r.reads(account));
    }

    private Optional<Box> remembered(Optional<Box> box) {
        box.ifPresent(this::remember);
        return box;
    }

    private void remember(Box box) {
        recent.asMap().merge(box.id(), box, (seen, now) -> now.modSeq() >= seen.modSeq() ? now : seen);
    }

    /// The mailbox as this process saw it last, at most a minute ago: good for plans whose step begins only if nothing has changed.
    Box recent(MailboxId id) {
        var seen = recent.getIfPresent(id);
        return seen == null ? readAgain(id) : seen;
    }

    /// After a change of something else than numbers.
    void forget(MailboxId id) {
        recent.invalidate(id);
    }

    Box require(MailboxId id) {
        return find(id).orElseThrow(() -> new StoreException.Missing("mailbox " + id));
    }

    private Box readAgain(MailboxId id) {
        return read(id).orElseThrow(() -> new StoreException.Missing("mailbox " + id));
    }

    /// Begins a step: `planner` gets the mailbox and the id of the step, and may be asked several times; null when there is nothing to do.
    /// Threads of one process take turns, so that they do not spoil each other's plans; between processes the condition decides.
    @Nullable Step begin(MailboxId id, BiFunction<Box, ObjectId, @Nullable Plan> planner) {
        return begin(id, false, planner);
    }

    /// As [#begin], with a first plan for the mailbox as it was seen last: that saves reading it, and comes to nothing if it has changed. Where it
    /// came to nothing the mailbox is read first, until that shows nothing new.
    @Nullable Step beginGuessing(MailboxId id, BiFunction<Box, ObjectId, @Nullable Plan> planner) {
        return begin(id, true, planner);
    }

    private @Nullable Step begin(MailboxId id, boolean guessing, BiFunction<Box, ObjectId, @Nullable Plan> planner) {
        return turns.<@Nullable Step>take(id, () -> tryToBegin(id, guessing ? guess(id) : null, planner));
    }

    private @Nullable Box guess(MailboxId id) {
        @Nullable Box seen = recent.getIfPresent(id);
        if (seen == null || shared.getIfPresent(id) == null) {
            return seen;
        }
        var now = readAgain(id);
        if (now.modSeq() == seen.modSeq()) {
            shared.invalidate(id);
        }
        return now;
    }

    private @Nullable Step tryToBegin(MailboxId id, @Nullable Box known, BiFunction<Box, ObjectId, @Nullable Plan> planner) {
        var stepId = ObjectId.next();
        @Nullable StoreException unanswered = null;
        @Nullable Box guess = known;
        for (int i = 0; i < TRIES; i++) {
            boolean guessed = guess != null;
            var box = guess != null ? guess : readAgain(id);
            guess = null;
            var mine = box.step(stepId);
            if (mine.isPresent() && !mine.get().isAborted()) {
                return mine.get(); // the update was made, only its answer got lost
            }
            if (mine.isPresent() || box.undid(stepId)) {
                throw new StoreException.Unavailable("the answer took so long that the change was taken back"); // and its numbers with it
            }
            if (unanswered != null) {
                throw unanswered;
            }
            var plan = planner.apply(box, stepId);
            if (plan == null) {
                return null;
            }
            try {
                if (table.updateOnce(unchanged(box), update(box, plan))) {
                    remember(box.after(plan.uids(), plan.modSeqs()));
                    return plan.step();
                }
            } catch (StoreException.Unavailable e) {
                unanswered = e;
            }
            if (guessed) {
                shared.put(id, true);
            } else {
                pause(i);
            }
        }
        throw new StoreException.Unavailable("mailbox " + id + " is too busy");
    }

    private static Document unchanged(Box box) {
        return Document.of(
                "_id", box.id().value(), "modifyIndex", box.document().value("modifyIndex"), "uidNext", box.document().value("uidNext"));
    }

    private static Document update(Box box, Plan plan) {
        var update = Document.of(
                "$inc", Document.of("uidNext", plan.uids(), "modifyIndex", plan.modSeqs(), "pintail.at", plan.modSeqs()),
                "$push", Document.of("pintail.steps", plan.step().document()));
        var known = box.document().strings("flags");
        var fresh = plan.keywords().stream()
                .filter(k -> known.stream().noneMatch(k::equalsIgnoreCase))
                .distinct()
                .limit(Math.max(0, MOST_KEYWORDS - known.size()))
                .toList();
        return fresh.isEmpty() ? update : update.with("$addToSet", Document.of("flags", Document.of("$each", fresh)));
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, Math.min(LONGEST_PAUSE_MS, 2 + tries)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable("interrupted", e);
        }
    }

    /// Ends a step. True for the one who ended it.
    boolean end(MailboxId id, Step step) {
        seenSince.remove(step.id());
        var mine = Document.of("id", step.id());
        if (step.isAborted()) {
            var filter = Document.of("_id", id.value(), "pintail.aborts.id", step.id());
            var remembered = Document.of("$each", List.of(mine), "$slice", -UNDONE);
            var update = Document.of("$pull", Document.of("pintail.aborts", mine), "$push", Document.of("pintail.undone", remembered));
            return table.change(filter, update).isPresent();
        }
        return table.updateOnce(announced(id, step), ended(step));
    }

    private static Document ended(Step step) {
        var counts =
                Document.of("pintail.messages", step.messages(), "pintail.unseen", step.unseen(), "pintail.size", step.size());
        return Document.of("$pull", Document.of("pintail.steps", Document.of("id", step.id())), "$inc", counts);
    }

    /// Ends steps, none of them aborted; how many of them it ended.
    int end(List<Endings.Ending> endings) {
        endings.forEach(e -> seenSince.remove(e.step().id()));
        return table.updateEach(endings.stream()
                .map(e -> new Table.Change(announced(e.box.id(), e.step()), ended(e.step())))
                .toList());
    }

    /// Whether a step that is not announced any more was ended, not undone. A write, so that a majority confirms what it saw.
    boolean wasEnded(MailboxId id, Step step) {
        var other = Document.of("$ne", step.id());
        var filter = Document.of("_id", id.value(), "pintail.steps.id", other, "pintail.aborts.id", other, "pintail.undone.id", other);
        return table.update(filter, Document.of("$set", Document.of("pintail.asked", step.id())));
    }

    private static Document announced(MailboxId id, Step step) {
        return Document.of("_id", id.value(), "pintail.steps.id", step.id());
    }

    /// Turns a step into an ABORT: from then on its owner cannot end it.
    boolean abort(MailboxId id, Step step) {
        var update = Document.of(
                "$pull", Document.of("pintail.steps", Document.of("id", step.id())),
                "$push", Document.of("pintail.aborts", step.aborted().document()));
        return table.change(announced(id, step), update).isPresent();
    }

    /// Whether a step has been in the way for so long that its owner must have stopped. By this process's own clock, from when it first saw it.
    boolean isStale(Step step) {
        long since = seenSince.computeIfAbsent(step.id(), _ -> System.nanoTime());
        return System.nanoTime() - since > helping.toNanos();
    }

    /// Mailboxes with steps that have not ended.
    List<Box> unfinished(int most) {
        var found = new java.util.LinkedHashMap<ObjectId, Box>();
        for (var path : List.of("pintail.steps.id", "pintail.aborts.id")) {
            table.all(Table.Query.of(Document.of(path, Document.of("$exists", true))).limit(most)).forEach(d -> found.put(d.id(), Box.of(d)));
        }
        return List.copyOf(found.values());
    }

    /// Forgets steps that are no more.
    void remember(java.util.Set<ObjectId> steps) {
        seenSince.keySet().retainAll(steps);
    }

    /// `messages`, `unseen` and `size` of what is shown: as kept, or counted (and kept) where somebody else changed the mailbox.
    Document counters(Box box) {
        if (box.isCounted()) {
            var kept = RowDocument.pintail(box.document());
            return box.visibleUidNext() == box.uidNext() ? kept : shown(box, kept);
        }
        var counted = count(box);
        if (box.steps().isEmpty()) {
            var set = Document.of(
                    "pintail.messages", counted.number("messages"),
                    "pintail.unseen", counted.number("unseen"),
                    "pintail.size", counted.number("size"),
                    "pintail.at", box.modSeq());
            if (!RowDocument.pintail(box.document()).bool("imported")) {
                set = set.with("pintail.since", box.modSeq());
            }
            var alone = Document.of("pintail.steps.id", Document.of("$exists", false), "pintail.aborts.id", Document.of("$exists", false));
            table.update(unchanged(box).with(alone), Document.of("$set", set, "$unset", Document.of("pintail.imported", "")));
        }
        return counted;
    }

    /// Without what came after a step that stands still: it is counted already and not shown yet.
    private Document shown(Box box, Document kept) {
        var behind = Document.of("mailbox", box.id().value(), "uid", Document.of("$gte", box.visibleUidNext()));
        var hidden = box.hidden();
        var counted = messages.all(Table.Query.of(behind).fields("size", "unseen", "pintail.void")).stream()
                .filter(d -> !hidden.contains(d.id()) && !RowDocument.isVoid(d))
                .toList();
        return Document.of(
                "messages", kept.number("messages") - counted.size(),
                "unseen", kept.number("unseen") - counted.stream().filter(d -> d.bool("unseen")).count(),
                "size", kept.number("size") - counted.stream().mapToLong(d -> d.number("size")).sum());
    }

    /// Counted from the messages themselves.
    Document count(Box box) {
        var filter = Document.of(
                "mailbox", box.id().value(), "uid", Document.of("$lt", box.visibleUidNext()), "pintail.void", Document.of("$ne", true));
        var sums = Document.of(
                "_id", null,
                "messages", Document.of("$sum", 1L),
                "size", Document.of("$sum", "$size"));
        var group = Document.of("$group", sums);
        var found = messages.aggregate(Document.of("$match", filter), group).stream().findFirst().orElse(Document.EMPTY);
        long unseen = messages.count(Document.of("mailbox", box.id().value(), "unseen", true, "uid", Document.of("$lt", box.visibleUidNext())));
        return Document.of("messages", found.number("messages"), "unseen", unseen, "size", found.number("size"));
    }
}
