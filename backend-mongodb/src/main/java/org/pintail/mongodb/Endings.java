package org.pintail.mongodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.backend.Threading;
import org.pintail.backend.Threading.Newcomer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ends of deliveries. A delivery is decided once its message is there; what is left (its thread, usage, journal, the end of the step, the
/// word to watchers) is done a moment later, for all that came meanwhile: a few commands for all of them instead of a few for each. Whoever looks into
/// a mailbox through this process has it done before. What a process that dies leaves, others finish ([Finishing]).
final class Endings implements Boxes.Reader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
    private final Boxes boxes;
    private final Table messages;
    private final Usage usage;
    private final Journal journal;
    private final Leaving leaving;
    private final Finishing finishing;
    private final Events events;
    private final Duration fresh;
    private final Gathering<Ending> ends = new Gathering<>("mongodb-endings", Ending::about, this::end);
    private final Gathering<Recall> recalls = new Gathering<>("mongodb-recalls", Recall::about, this::recall);

    /// A step whose message is there, who knows its thread, and what has been done about it: by one thread at a time.
    static final class Ending {
        final Box box;
        private final Newcomer newcomer;
        private final Threading threading;
        private final long since = System.nanoTime();
        private Step step;
        private boolean threaded;
        private boolean tried;

        private Ending(Box box, Step step, Newcomer newcomer, Threading threading) {
            this.box = box;
            this.step = step;
            this.newcomer = newcomer;
            this.threading = threading;
        }

        Step step() {
            return step;
        }

        private List<ObjectId> about() {
            return List.of(box.id().value(), box.account().value());
        }
    }

    /// A delivery to be undone.
    private record Recall(Box box, Step step) {
        List<ObjectId> about() {
            return List.of(box.id().value());
        }
    }

    Endings(Databases databases, Boxes boxes, Usage usage, Journal journal, Leaving leaving, Finishing finishing, Events events, Duration helping) {
        this.boxes = boxes;
        this.messages = databases.table("messages");
        this.usage = usage;
        this.journal = journal;
        this.leaving = leaving;
        this.finishing = finishing;
        this.events = events;
        this.fresh = helping.dividedBy(2);
    }

    /// Takes over a step of kind DELIVER. Blocks only where many wait.
    void add(Box box, Step step, Newcomer newcomer, Threading threading) {
        ends.add(new Ending(box, step, newcomer, threading));
    }

    /// Undoes a step of kind DELIVER whose client heard of a failure, as soon as the database is there again.
    void recall(Box box, Step step) {
        recalls.add(new Recall(box, step));
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
        thread(endings.stream().filter(e -> !e.threaded).toList());
        var young = new ArrayList<Ending>();
        for (var e : endings) {
            if (!e.tried && System.nanoTime() - e.since < fresh.toNanos()) {
                e.tried = true;
                young.add(e);
            } else {
                finishing.finishDelivery(e.box.id(), e.step); // others may have been faster by now
            }
        }
        if (!young.isEmpty()) {
            endTogether(young);
        }
        endings.stream().map(e -> e.box.account()).distinct().forEach(events::publish);
    }

    /// Brings messages to the threads they belong to, unless others have finished the step meanwhile.
    private void thread(List<Ending> endings) {
        var byThreading = new LinkedHashMap<Threading, List<Ending>>();
        endings.forEach(e -> byThreading.computeIfAbsent(e.threading, _ -> new ArrayList<>()).add(e));
        byThreading.forEach((threading, some) -> {
            var threads = threads(threading, some.stream().map(e -> e.newcomer).toList());
            var changes = new ArrayList<Table.Change>();
            for (var e : some) {
                @Nullable ObjectId thread = threads.get(e.newcomer.message());
                if (thread != null) {
                    e.step = e.step.in(thread);
                    var item = e.step.items().getFirst();
                    changes.add(new Table.Change(
                            Document.of("_id", item.message(), "mailbox", e.box.id().value(), "uid", item.uid(), "modseq", item.modSeq()),
                            Document.of("$set", Document.of("thread", thread))));
                }
            }
            messages.update(changes);
            some.forEach(e -> e.threaded = true);
        });
    }

    /// A message is worth more than its thread: what goes wrong here, but for the database, must not keep it from being shown.
    private static Map<MessageId, ObjectId> threads(Threading threading, List<Newcomer> newcomers) {
        try {
            return threading.find(newcomers);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("threads of messages not found messages={}", newcomers.size(), e);
            return Map.of();
        }
    }

    private void endTogether(List<Ending> endings) {
        var steps = new LinkedHashMap<AccountId, List<Step>>();
        var entries = new LinkedHashMap<AccountId, List<Document>>();
        for (var e : endings) {
            var account = e.box.account();
            steps.computeIfAbsent(account, _ -> new ArrayList<>()).add(e.step);
            var told = entries.computeIfAbsent(account, _ -> new ArrayList<>());
            e.step.items().forEach(i -> told.add(journal.about(JournalEntry.Kind.EXISTS, e.box, i, i.modSeq(), e.step.session())));
        }
        usage.count(steps);
        journal.add(entries);
        if (boxes.end(endings) < endings.size()) {
            endings.forEach(e -> finishing.finishDelivery(e.box.id(), e.step));
        }
    }

    private void recall(List<Recall> late) {
        for (var r : late) {
            var box = boxes.read(r.box().id());
            if (box.flatMap(b -> b.step(r.step().id())).isPresent()) {
                leaving.undo(box.get(), r.step());
            }
        }
    }

    @Override
    public void close() {
        ends.close();
        recalls.close();
    }
}
