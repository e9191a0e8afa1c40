package org.pintail.mongodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ends of deliveries. A delivery is decided once its messages are there; what is left (usage, journal, the end of the step, the word to
/// watchers) is done a moment later, for all that came meanwhile in one go: a few commands for all of them instead of a few for each. Whoever
/// looks into a mailbox through this process has it done before. What a process that dies leaves, others finish ([Finishing]).
final class Endings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

    /// How long deliveries gather: little beside what a client needs to hear of new mail, long beside what a command takes.
    private static final Duration GATHERING = Duration.ofMillis(10);

    private static final Duration PAUSE = Duration.ofSeconds(1); // while the database is away
    private static final int AT_ONCE = 500;
    private final Boxes boxes;
    private final Usage usage;
    private final Journal journal;
    private final Leaving leaving;
    private final Finishing finishing;
    private final Events events;
    private final Duration fresh;
    private final ConcurrentLinkedQueue<Ending> queue = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Ending> recalls = new ConcurrentLinkedQueue<>();
    private final Map<ObjectId, Integer> waiting = new ConcurrentHashMap<>(); // endings of a mailbox, endings of an account
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mongodb-endings").daemon().factory());

    /// A step whose messages are there, and since when by [System#nanoTime].
    record Ending(Box box, Step step, long since) {}

    Endings(Boxes boxes, Usage usage, Journal journal, Leaving leaving, Finishing finishing, Events events, Duration helping) {
        this.boxes = boxes;
        this.usage = usage;
        this.journal = journal;
        this.leaving = leaving;
        this.finishing = finishing;
        this.events = events;
        this.fresh = helping.dividedBy(2);
    }

    /// Takes over a step of kind DELIVER. Does not block.
    void add(Box box, Step step) {
        waiting.merge(box.id().value(), 1, Integer::sum);
        waiting.merge(box.account().value(), 1, Integer::sum);
        queue.add(new Ending(box, step, System.nanoTime()));
        schedule(GATHERING);
    }

    /// Undoes a step of kind DELIVER whose client heard of a failure, as soon as the database is there again.
    void recall(Box box, Step step) {
        recalls.add(new Ending(box, step, System.nanoTime()));
        schedule(PAUSE);
    }

    /// Ends what waits for its end in this mailbox.
    void finish(MailboxId mailbox) {
        finish(mailbox.value());
    }

    /// Ends what waits for its end in mailboxes of this account.
    void finish(AccountId account) {
        finish(account.value());
    }

    private void finish(ObjectId mailboxOrAccount) {
        if (waiting.containsKey(mailboxOrAccount)) {
            run();
        }
    }

    private void schedule(Duration after) {
        if (scheduled.compareAndSet(false, true)) {
            try {
                executor.schedule(this::runLogged, after.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                scheduled.set(false); // the last run of [#close] takes it, or another process
            }
        }
    }

    private void runLogged() {
        scheduled.set(false);
        try {
            run();
        } catch (StoreException e) {
            LOG.warn("deliveries wait for their end error={}", e.getMessage());
            schedule(PAUSE);
        } catch (RuntimeException e) {
            LOG.error("deliveries wait for their end", e);
            schedule(PAUSE);
        }
    }

    private void run() {
        turn.lock();
        try {
            recallAll();
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                end(batch);
            }
        } finally {
            turn.unlock();
        }
    }

    private List<Ending> next() {
        var batch = new ArrayList<Ending>();
        while (batch.size() < AT_ONCE) {
            var ending = queue.poll();
            if (ending == null) {
                break;
            }
            batch.add(ending);
        }
        return batch;
    }

    private void end(List<Ending> batch) {
        int done = 0;
        try {
            var young = new ArrayList<Ending>();
            for (var ending : batch) {
                if (System.nanoTime() - ending.since() < fresh.toNanos()) {
                    young.add(ending);
                } else {
                    finishing.finishDelivery(ending.box().id(), ending.step()); // others may have been faster by now
                }
            }
            if (!young.isEmpty()) {
                endTogether(young);
            }
            done = batch.size();
        } finally {
            if (done == 0) {
                batch.forEach(e -> queue.add(new Ending(e.box(), e.step(), e.since() - fresh.toNanos())));
            } else {
                batch.forEach(this::forget);
            }
        }
        batch.stream().map(e -> e.box().account()).distinct().forEach(events::publish);
    }

    private void endTogether(List<Ending> endings) {
        var steps = new LinkedHashMap<AccountId, List<Step>>();
        var entries = new LinkedHashMap<AccountId, List<Document>>();
        for (var e : endings) {
            var account = e.box().account();
            steps.computeIfAbsent(account, _ -> new ArrayList<>()).add(e.step());
            var told = entries.computeIfAbsent(account, _ -> new ArrayList<>());
            e.step().items().forEach(
                    i -> told.add(journal.about(JournalEntry.Kind.EXISTS, e.box(), i, i.modSeq(), e.step().session())));
        }
        usage.count(steps);
        journal.add(entries);
        if (boxes.end(endings) < endings.size()) {
            for (var e : endings) {
                finishing.finishDelivery(e.box().id(), e.step());
            }
        }
    }

    private void forget(Ending ending) {
        lower(ending.box().id().value());
        lower(ending.box().account().value());
    }

    private void lower(ObjectId id) {
        waiting.computeIfPresent(id, (_, n) -> n == 1 ? null : n - 1);
    }

    private void recallAll() {
        for (var next = recalls.peek(); next != null; next = recalls.peek()) {
            var box = boxes.read(next.box().id());
            var step = next.step().id();
            if (box.flatMap(b -> b.step(step)).isPresent()) {
                leaving.undo(box.get(), next.step());
            }
            recalls.remove();
        }
    }

    /// Ends what waits, if the database is there.
    @Override
    public void close() {
        executor.shutdown();
        runLogged();
        executor.shutdownNow();
    }
}
