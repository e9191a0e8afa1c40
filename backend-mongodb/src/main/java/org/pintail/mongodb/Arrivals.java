package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.backend.Threading;
import org.pintail.backend.Threading.Newcomer;
import org.pintail.mongodb.Step.Item;
import org.pintail.mongodb.Step.Kind;

/// New messages going into mailboxes, all of them or none: their steps begin in every mailbox, the documents are inserted with the uids the
/// steps took, the journal is written, and then the first of the steps ends. That end is the decision: before it whoever finds the steps
/// standing still undoes them, after it they finish.
final class Arrivals {
    private final Boxes boxes;
    private final Table messages;
    private final Journal journal;
    private final Leaving leaving;
    private final Endings endings;

    /// A message without `uid` and `modseq`.
    record Arrival(Document document, MailboxId mailbox, Flags flags, @Nullable String session) {
        ObjectId id() {
            return document.id();
        }
    }

    /// A step that began, in its mailbox.
    private record Begun(Box box, Step step) {}

    Arrivals(Databases databases, Boxes boxes, Journal journal, Leaving leaving, Endings endings) {
        this.boxes = boxes;
        this.messages = databases.table("messages");
        this.journal = journal;
        this.leaving = leaving;
        this.endings = endings;
    }

    /// The rows in the order of the arrivals. When it throws, nothing came, parts and usage of the documents are given back.
    List<MessageRow> place(List<Arrival> arrivals) {
        var byMailbox = new LinkedHashMap<MailboxId, List<Arrival>>();
        arrivals.forEach(a -> byMailbox.computeIfAbsent(a.mailbox(), _ -> new ArrayList<>()).add(a));
        var begun = new ArrayList<Begun>();
        var documents = new LinkedHashMap<ObjectId, Document>();
        boolean inserting = false;
        try {
            for (var entry : byMailbox.entrySet()) {
                begin(Kind.ADD, entry.getKey(), entry.getValue(), begun, documents);
            }
            inserting = true;
            insert(List.copyOf(documents.values()));
            journalled(begun);
        } catch (RuntimeException e) {
            if (!inserting) {
                giveBack(arrivals, leaving::giveBack, e);
            }
            undo(begun, e);
            throw e;
        }
        decide(begun);
        return arrivals.stream().map(a -> RowDocument.row(documents.getOrDefault(a.id(), a.document()))).toList();
    }

    /// One message of a delivery, whose usage is not counted yet. It is decided when it is there; its thread is looked up and its
    /// end follows a moment later ([Endings]).
    void deliver(Arrival arrival, Newcomer newcomer, Threading threading) {
        var begun = new ArrayList<Begun>(1);
        var documents = new LinkedHashMap<ObjectId, Document>();
        try {
            begin(Kind.DELIVER, arrival.mailbox(), List.of(arrival), begun, documents);
        } catch (RuntimeException e) {
            giveBack(List.of(arrival), leaving::giveBackParts, e);
            throw e;
        }
        var one = begun.getFirst();
        var document = documents.getOrDefault(arrival.id(), arrival.document());
        try {
            insert(List.of(document));
            endings.add(one.box(), one.step(), newcomer, threading);
        } catch (RuntimeException e) {
            if (!isDelivered(one, e)) {
                throw e;
            }
        }
    }

    /// After an insert that failed, or whose answer got lost: others may have found the message and finished. Else it is undone, now or when
    /// the database is there again.
    private boolean isDelivered(Begun one, RuntimeException why) {
        var box = one.box().id();
        try {
            if (boxes.wasEnded(box, one.step())) {
                return true;
            }
            if (boxes.read(box).flatMap(b -> b.step(one.step().id())).isPresent()) {
                leaving.undo(one.box(), one.step());
            } else {
                leaving.removeAll(one.box(), one.step());
            }
        } catch (StoreException e) {
            why.addSuppressed(e);
            endings.recall(one.box(), one.step());
        }
        return false;
    }

    private void begin(
            Kind kind, MailboxId mailbox, List<Arrival> arrivals, List<Begun> begun, Map<ObjectId, Document> documents) {
        var lead = begun.isEmpty() ? null : begun.getFirst();
        var found = new ArrayList<Box>(1);
        var step = boxes.beginGuessing(mailbox, (box, id) -> {
            found.clear();
            found.add(box);
            var items = items(box, arrivals);
            var leader = lead == null ? null : lead.box().id().value();
            return plan(box, new Step(
                    id, kind, items.getFirst().modSeq(), items, arrivals.getFirst().session(), items.size(), unseen(items),
                    arrivals.stream().mapToLong(a -> a.document().number("size")).sum(), leader, lead == null ? null : lead.step().id()));
        });
        if (step == null) {
            throw new IllegalStateException("an arrival always has a plan");
        }
        begun.add(new Begun(found.getFirst(), step));
        for (int i = 0; i < arrivals.size(); i++) {
            var item = step.items().get(i);
            var d = Placing.in(found.getFirst(), arrivals.get(i).document());
            documents.put(d.id(), d.with(Document.of("uid", number(item.uid()), "modseq", number(item.modSeq()))));
        }
    }

    private static Object number(long n) {
        return n <= Integer.MAX_VALUE ? (Object) (int) n : (Object) n;
    }

    private static List<Item> items(Box box, List<Arrival> arrivals) {
        var items = new ArrayList<Item>();
        for (var a : arrivals) {
            items.add(new Item(
                    a.id(), box.uidNext() + items.size(), box.modSeq() + 1 + items.size(), a.flags(),
                    a.document().objectId("thread").orElse(null), !a.flags().has(Flags.SEEN), null));
        }
        return items;
    }

    static long unseen(List<Item> items) {
        return items.stream().filter(i -> !i.flags().has(Flags.SEEN)).count();
    }

    static Boxes.Plan plan(Box box, Step step) {
        var keywords = step.items().stream().flatMap(i -> i.flags().keywords().stream()).toList();
        return new Boxes.Plan(step.items().size(), step.items().size(), step, keywords);
    }

    private void insert(List<Document> documents) {
        try {
            for (int from = 0; from < documents.size(); from++) {
                messages.insert(documents.get(from));
            }
        } catch (StoreException.Duplicate e) {
            for (var d : documents) {
                var there = messages.first(Table.Query.of(Document.of("_id", d.id())).fields("pintail.void"));
                if (there.isPresent() && RowDocument.isVoid(there.get())) {
                    throw new StoreException.Unavailable("adding a message took too long, it was taken back", e);
                }
            }
            throw e;
        }
    }

    private void journalled(List<Begun> begun) {
        for (var b : begun) {
            var entries = b.step().items().stream()
                    .map(i -> journal.about(JournalEntry.Kind.EXISTS, b.box(), i, i.modSeq(), b.step().session()))
                    .toList();
            journal.add(b.box().account(), entries);
        }
    }

    /// Ends the first step, then the others.
    private void decide(List<Begun> begun) {
        var lead = begun.getFirst();
        if (!ended(lead)) {
            var late = new StoreException.Unavailable("adding a message took too long, it was taken back");
            undo(begun, late);
            throw late;
        }
        for (var follower : begun.subList(1, begun.size())) {
            if (!boxes.end(follower.box().id(), follower.step()) && boxes.find(follower.box().id()).isEmpty()) {
                leaving.forgetMailbox(follower.box().id());
            }
        }
    }

    /// An answer that got lost is found out: the step is gone, nobody undid it, and the first message is there and no stop against late inserts.
    private boolean ended(Begun lead) {
        var box = lead.box().id();
        try {
            return boxes.end(box, lead.step());
        } catch (StoreException.Unavailable e) {
            if (boxes.find(box).flatMap(b -> b.step(lead.step().id())).isPresent()) {
                return boxes.end(box, lead.step());
            }
            var first = lead.step().items().getFirst();
            return boxes.wasEnded(box, lead.step())
                    && messages.first(Table.Query.of(Document.of("_id", first.message(), "mailbox", box.value(), "uid", first.uid())).fields("pintail.void"))
                            .filter(d -> !RowDocument.isVoid(d))
                            .isPresent();
        }
    }

    private static void giveBack(List<Arrival> arrivals, Consumer<Document> how, RuntimeException why) {
        try {
            arrivals.forEach(a -> how.accept(a.document()));
        } catch (StoreException e) {
            why.addSuppressed(e); // references that are too many: a check finds them
        }
    }

    /// What cannot be undone now, because the database is away, is undone by whoever finds it.
    private void undo(List<Begun> begun, RuntimeException why) {
        try {
            for (var b : begun.reversed()) {
                if (boxes.find(b.box().id()).flatMap(box -> box.step(b.step().id())).isPresent()) {
                    leaving.undo(b.box(), b.step());
                } else {
                    leaving.removeAll(b.box(), b.step());
                }
            }
        } catch (StoreException e) {
            why.addSuppressed(e);
        }
    }
}
