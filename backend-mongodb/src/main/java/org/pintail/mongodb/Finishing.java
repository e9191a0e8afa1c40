package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.mongodb.Step.Item;
import org.pintail.mongodb.Step.Kind;

/// Finishes steps: their owner does it at once, and anybody who finds one that stands still does it too. Everything here may run twice, also at
/// the same time; the counters change with the end of the step, which happens once.
final class Finishing {
    private final Boxes boxes;
    private final Table messages;
    private final Journal journal;
    private final Leaving leaving;
    private final Usage usage;
    private final Events events;

    Finishing(Databases databases, Boxes boxes, Journal journal, Leaving leaving, Usage usage, Events events) {
        this.boxes = boxes;
        this.messages = databases.table("messages");
        this.journal = journal;
        this.leaving = leaving;
        this.usage = usage;
        this.events = events;
    }

    /// Deals with every step of a mailbox that stands still; the mailbox as it is afterwards.
    Box settled(Box box) {
        boolean dealt = false;
        for (var step : box.steps()) {
            if (boxes.isStale(step)) {
                help(box, step);
                dealt = true;
            }
        }
        return dealt ? boxes.require(box.id()) : box;
    }

    private void help(Box box, Step step) {
        switch (step.kind()) {
            case ADD -> helpAdd(box, step);
            case DELIVER -> finishDelivery(box.id(), step);
            case ABORT, RECALL -> leaving.undo(box, step);
            case FLAGS -> flags(box, step, true);
            case GONE -> gone(box, step, true);
            case MOVE -> move(box, step, true);
            case ARRIVE -> helpArrive(box, step);
        }
        events.publish(box.account());
    }

    /// A step that follows another is decided with it.
    private void helpAdd(Box box, Step step) {
        var other = step.other();
        var otherStep = step.otherStep();
        if (other == null || otherStep == null) {
            leaving.undo(box, step);
            return;
        }
        var leader = boxes.find(new MailboxId(other));
        var decision = leader.flatMap(b -> b.step(otherStep));
        boolean undone = leader.filter(b -> b.undid(otherStep)).isPresent();
        if (decision.isEmpty() && !undone && there(box, step)) {
            boxes.end(box.id(), step);
        } else {
            leaving.undo(box, step);
            leader.ifPresent(b -> decision.ifPresent(s -> leaving.undo(b, s)));
        }
    }

    /// Finishes a delivery whose messages are all there, undoes any other. Nothing is to be done when somebody else did.
    void finishDelivery(MailboxId mailbox, Step step) {
        var box = boxes.read(mailbox);
        if (box.isEmpty()) {
            leaving.forgetMailbox(mailbox);
            return;
        }
        if (box.get().step(step.id()).filter(s -> s.kind() == Kind.DELIVER).isEmpty()) {
            return;
        }
        var arrived = arrived(box.get(), step);
        if (arrived.size() < step.items().size()) {
            leaving.undo(box.get(), step);
            return;
        }
        usage.count(box.get().account(), step);
        for (var item : step.items()) {
            if (!journal.knows(mailbox, item.modSeq())) {
                var thread = arrived.getOrDefault(item.message(), Document.EMPTY).objectId("thread"); // found since the step began
                var entry = journal.about(
                        JournalEntry.Kind.EXISTS, box.get(), thread.map(item::in).orElse(item), item.modSeq(), step.session());
                journal.add(box.get().account(), List.of(entry));
            }
        }
        boxes.end(mailbox, step);
    }

    private boolean there(Box box, Step step) {
        return arrived(box, step).size() == step.items().size();
    }

    /// The messages of a step that are there, by id.
    private Map<ObjectId, Document> arrived(Box box, Step step) {
        return leaving.documents(box.id(), step.items().stream().map(Item::message).toList()).stream()
                .filter(d -> !RowDocument.isVoid(d))
                .collect(Collectors.toMap(Document::id, d -> d));
    }

    private void helpArrive(Box box, Step step) {
        var other = step.other() == null ? null : boxes.find(new MailboxId(step.other())).orElse(null);
        var move = other == null || step.otherStep() == null ? null : other.step(step.otherStep()).orElse(null);
        if (other != null && move != null) {
            move(other, move, true);
        } else if (there(box, step)) {
            boxes.end(box.id(), step);
        } else {
            leaving.undo(box, step);
        }
    }

    /// Gives the messages of a FLAGS step their flags.
    void applyFlags(Box box, Step step) {
        var changes = new ArrayList<Table.Change>();
        for (var item : step.items()) {
            var filter = Document.of(
                    "_id", item.message(), "mailbox", box.id().value(), "uid", item.uid(), "modseq",
                    Document.of("$lt", step.modSeq()));
            changes.add(new Table.Change(filter, RowDocument.flagUpdate(item.flags(), step.modSeq())));
        }
        messages.update(changes);
    }

    void flags(Box box, Step step, boolean helping) {
        applyFlags(box, step);
        journal(JournalEntry.Kind.FETCH, box, step, helping);
        boxes.end(box.id(), step);
    }

    void gone(Box box, Step step, boolean helping) {
        leaving.remember(box, step);
        leaving.removeAll(box, step);
        journal(JournalEntry.Kind.EXPUNGE, box, step, helping);
        boxes.end(box.id(), step);
    }

    /// Brings the copies to the other mailbox unless they came already, then takes the messages away. Their parts and size stay what they
    /// are, they only change hands. The rows by the ids of the messages they were.
    Map<ObjectId, MessageRow> move(Box box, Step step, boolean helping) {
        var target = step.other() == null ? java.util.Optional.<Box>empty() : boxes.find(new MailboxId(step.other()));
        var rows = new HashMap<ObjectId, MessageRow>();
        if (target.isPresent()) {
            bring(box, step, target.get(), rows);
        }
        leaving.remember(box, step);
        if (target.isPresent()) {
            for (var item : step.items()) {
                messages.deleteAll(Document.of("_id", item.message(), "mailbox", box.id().value(), "uid", item.uid()));
            }
        } else {
            leaving.removeAll(box, step);
        }
        journal(JournalEntry.Kind.EXPUNGE, box, step, helping);
        boxes.end(box.id(), step);
        return rows;
    }

    private void bring(Box box, Step move, Box target, Map<ObjectId, MessageRow> rows) {
        var sources = sources(box, move);
        var arrive = boxes.begin(target.id(), (now, id) -> {
            var running = now.steps().stream().anyMatch(s -> move.id().equals(s.otherStep()));
            return running || came(now, move) ? null : arrival(now, id, box, move);
        });
        var step = arrive != null
                ? arrive
                : boxes.require(target.id()).steps().stream().filter(s -> move.id().equals(s.otherStep())).findFirst().orElse(null);
        if (step == null) {
            return;
        }
        var copies = new ArrayList<Document>();
        for (int i = 0; i < step.items().size(); i++) {
            var item = step.items().get(i);
            var source = sources.get(move.items().get(i).message());
            if (source != null) {
                var copy = copy(source, target, item, false);
                copies.add(copy);
                rows.put(source.id(), RowDocument.row(copy));
            }
        }
        messages.insertMissing(copies);
        var entries = step.items().stream()
                .map(i -> journal.about(JournalEntry.Kind.EXISTS, target, i, i.modSeq(), move.session()))
                .toList();
        if (arrive != null || !journal.knows(target.id(), step.modSeq())) {
            journal.add(target.account(), entries);
        }
        boxes.end(target.id(), step);
    }

    private Map<ObjectId, Document> sources(Box box, Step move) {
        var found = new HashMap<ObjectId, Document>();
        for (var item : move.items()) {
            messages.first(Document.of("_id", item.message(), "mailbox", box.id().value(), "uid", item.uid()))
                    .ifPresent(d -> found.put(d.id(), d));
        }
        return found;
    }

    /// Whether the copies are there, or were and are gone again.
    private boolean came(Box target, Step move) {
        var ids = move.items().stream().map(Item::becomes).toList();
        var filter = Document.of("_id", Document.of("$in", ids), "mailbox", target.id().value());
        return messages.first(Table.Query.of(filter).fields("_id")).isPresent()
                || leaving.expunged().first(Table.Query.of(filter).fields("_id")).isPresent();
    }

    private static Boxes.Plan arrival(Box target, ObjectId id, Box from, Step move) {
        var items = new ArrayList<Item>();
        for (var item : move.items()) {
            items.add(new Item(
                    item.becomes() == null ? item.message() : item.becomes(), target.uidNext() + items.size(),
                    target.modSeq() + 1 + items.size(), item.flags(), item.thread(), item.unseenChange(), null));
        }
        return Arrivals.plan(target, new Step(
                id, Kind.ARRIVE, items.getFirst().modSeq(), items, move.session(), items.size(), Arrivals.unseen(items), -move.size(),
                from.id().value(), move.id()));
    }

    /// A message as it is in another mailbox.
    static Document copy(Document source, Box target, Item item, boolean copied) {
        var pintail = RowDocument.pintail(source);
        var kept = pintail.has("content") ? pintail : pintail.with("content", source.id());
        var copy = source.with(Document.of(
                        "_id", item.message(), "mailbox", target.id().value(), "user", target.account().value(), "uid", number(item.uid()),
                        "modseq", number(item.modSeq()), "root", source.objectId("root").orElse(source.id()), "pintail", kept))
                .with(RowDocument.flagFields(item.flags()));
        copy = Placing.in(target, copy);
        return copied ? copy.with("copied", true) : copy;
    }

    private static Object number(long n) {
        return n <= Integer.MAX_VALUE ? (Object) (int) n : (Object) n;
    }

    private void journal(JournalEntry.Kind kind, Box box, Step step, boolean helping) {
        if (helping && journal.knows(box.id(), step.modSeq())) {
            return;
        }
        List<Document> entries =
                step.items().stream().map(i -> journal.about(kind, box, i, step.modSeq(), step.session())).toList();
        journal.add(box.account(), entries);
    }

}
