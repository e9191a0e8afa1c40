package org.pintail.mongodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;

/// The ends of deliveries. A delivery is decided once its messages are there; what is left (usage, journal, the end of the step, the word to
/// watchers) is done a moment later, for all that came meanwhile: a few commands for all of them instead of a few for each. Whoever looks into
/// a mailbox through this process has it done before. What a process that dies leaves, others finish ([Finishing]).
final class Endings implements Boxes.Reader, AutoCloseable {
    private final Boxes boxes;
    private final Usage usage;
    private final Journal journal;
    private final Leaving leaving;
    private final Finishing finishing;
    private final Events events;
    private final Duration fresh;
    private final Gathering<Ending> ends = new Gathering<>("mongodb-endings", Ending::about, this::end);
    private final Gathering<Ending> recalls = new Gathering<>("mongodb-recalls", Ending::about, this::recall);

    /// A step whose messages are there, since when by [System#nanoTime], and whether its end was tried.
    record Ending(Box box, Step step, long since, AtomicBoolean tried) {
        Ending(Box box, Step step) {
            this(box, step, System.nanoTime(), new AtomicBoolean());
        }

        private List<ObjectId> about() {
            return List.of(box.id().value(), box.account().value());
        }
    }

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
        ends.add(new Ending(box, step));
    }

    /// Undoes a step of kind DELIVER whose client heard of a failure, as soon as the database is there again.
    void recall(Box box, Step step) {
        recalls.add(new Ending(box, step));
    }

    /// Ends what waits for its end in this mailbox.
    @Override
    public void reads(MailboxId mailbox) {
        ends.finish(mailbox.value());
    }

    /// Ends what waits for its end in mailboxes of this account.
    @Override
    public void reads(AccountId account) {
        ends.finish(account.value());
    }

    private void end(List<Ending> endings) {
        var young = new ArrayList<Ending>();
        for (var e : endings) {
            if (!e.tried().getAndSet(true) && System.nanoTime() - e.since() < fresh.toNanos()) {
                young.add(e);
            } else {
                finishing.finishDelivery(e.box().id(), e.step()); // others may have been faster by now
            }
        }
        if (!young.isEmpty()) {
            endTogether(young);
        }
        endings.stream().map(e -> e.box().account()).distinct().forEach(events::publish);
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
            endings.forEach(e -> finishing.finishDelivery(e.box().id(), e.step()));
        }
    }

    private void recall(List<Ending> late) {
        for (var e : late) {
            var box = boxes.read(e.box().id());
            if (box.flatMap(b -> b.step(e.step().id())).isPresent()) {
                leaving.undo(box.get(), e.step());
            }
        }
    }

    @Override
    public void close() {
        ends.close();
        recalls.close();
    }
}
