package org.pintail.mongodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Mailboxes. What takes more than one document (renaming with children, deleting with messages) is noted in `steps` first and finished by
/// whoever finds the note.
final class MongoMailboxes implements Mailboxes {
    private static final String PATH_INDEX = "user_path";
    private static final String ASIDE = "\u0001";
    private static final String INBOX = "INBOX";
    private static final int MOST_INBOXES = 50_000;
    private final Cache<AccountId, MailboxId> inboxes = Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_INBOXES).build();
    private final Boxes boxes;
    private final Finishing finishing;
    private final Journal journal;
    private final Leaving leaving;
    private final Events events;
    private final Clock clock;
    private final Table table;
    private final Table steps;
    private final Table validities;

    MongoMailboxes(
            Databases databases, Boxes boxes, Finishing finishing, Journal journal, Leaving leaving, Events events, Clock clock) {
        this.boxes = boxes;
        this.finishing = finishing;
        this.journal = journal;
        this.leaving = leaving;
        this.events = events;
        this.clock = clock;
        this.table = databases.table("mailboxes");
        this.steps = databases.table("steps");
        this.validities = databases.table("uidvalidities");
    }

    @Override
    public Mailbox create(New m) {
        if (find(m.account(), m.path()).isPresent()) {
            throw new StoreException.Duplicate(PATH_INDEX);
        }
        var document = document(MailboxId.next(), m, nextValidity(m.account()));
        table.insert(document);
        var box = Box.of(document);
        journal.add(m.account(), List.of(journal.about(Kind.CREATE, m.account(), box.id(), 1, m.path())));
        events.publish(m.account());
        return mailbox(box);
    }

    private static Document document(MailboxId id, New m, long validity) {
        return Document.of(
                "_id", id.value(),
                "user", m.account().value(),
                "path", m.path(),
                "specialUse", m.specialUse(),
                "uidValidity", number(validity),
                "uidNext", 1,
                "modifyIndex", 1,
                "subscribed", m.subscribed(),
                "flags", List.of(),
                "retention", number(m.retention()),
                "hidden", m.hidden(),
                "encryptMessages", m.encryptMessages(),
                "pintail", Document.of("messages", 0, "unseen", 0, "size", 0, "at", 1, "steps", List.of()));
    }

    private static Object number(long n) {
        return n <= Integer.MAX_VALUE ? (Object) (int) n : (Object) n;
    }

    /// Seconds by the clock, and more than the account ever had here or has in its mailboxes.
    private long nextValidity(AccountId account) {
        long floor = clock.instant().getEpochSecond();
        for (var d : table.all(Table.Query.of(Document.of("user", account.value())).fields("uidValidity"))) {
            floor = Math.max(floor, d.number("uidValidity") + 1);
        }
        try {
            validities.insert(Document.of("_id", account.value(), "last", floor));
            return floor;
        } catch (StoreException.Duplicate known) {
            var raised = validities.change(
                    Document.of("_id", account.value(), "last", Document.of("$lt", floor)),
                    Document.of("$set", Document.of("last", floor)));
            if (raised.isPresent()) {
                return floor;
            }
            return validities.change(Document.of("_id", account.value()), Document.of("$inc", Document.of("last", 1L)))
                    .orElseThrow(() -> new StoreException.Unavailable("the uidValidity of " + account + " went away", known))
                    .number("last");
        }
    }

    private Mailbox mailbox(Box box) {
        var now = finishing.settled(box);
        return now.mailbox(boxes.counters(now));
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        return boxes.find(id).map(this::mailbox);
    }

    @Override
    public Optional<Mailbox> find(AccountId account, String path) {
        return boxes.find(account, path).map(this::mailbox);
    }

    /// INBOX stays what it is as long as its account is there, so that it is looked up once.
    @Override
    public Optional<MailboxId> findId(AccountId account, String path) {
        if (!path.equals(INBOX)) {
            return boxes.find(account, path).map(Box::id);
        }
        return Optional.ofNullable(inboxes.get(account, this::inbox));
    }

    private @Nullable MailboxId inbox(AccountId account) {
        return boxes.find(account, INBOX).map(Box::id).orElse(null);
    }

    @Override
    public List<Mailbox> list(AccountId account) {
        boxes.reads(account);
        return table.all(Table.Query.of(Document.of("user", account.value())).sort("path", 1)).stream()
                .map(Box::of)
                .map(this::mailbox)
                .toList();
    }

    @Override
    public void rename(List<Renaming> renamings) {
        if (renamings.stream().map(Renaming::mailbox).distinct().count() != renamings.size()) {
            throw new IllegalArgumentException("a mailbox is renamed twice in one step");
        }
        var before = new ArrayList<Box>();
        for (var r : renamings) {
            before.add(boxes.require(r.mailbox()));
        }
        refuseTaken(renamings, before);
        var note = note(renamings, before);
        steps.insert(note);
        apply(note);
    }

    private void refuseTaken(List<Renaming> renamings, List<Box> before) {
        var taken = new HashSet<String>();
        for (int i = 0; i < renamings.size(); i++) {
            var account = before.get(i).account();
            var path = renamings.get(i).path();
            var there = table.first(Table.Query.of(Document.of("user", account.value(), "path", path)).fields("_id"));
            boolean leaving = there.isPresent()
                    && renamings.stream().anyMatch(r -> r.mailbox().value().equals(there.get().id()));
            if (!taken.add(account + " " + path) || there.isPresent() && !leaving) {
                throw new StoreException.Duplicate(PATH_INDEX);
            }
        }
    }

    private static Document note(List<Renaming> renamings, List<Box> before) {
        var items = new ArrayList<Document>();
        for (int i = 0; i < renamings.size(); i++) {
            var box = before.get(i);
            items.add(Document.of("mailbox", box.id().value(), "from", box.document().string("path", ""), "to", renamings.get(i).path()));
        }
        return Document.of("_id", ObjectId.next(), "kind", "rename", "user", before.getFirst().account().value(), "items", items);
    }

    /// First everything steps aside, then to its new place; where a place was taken in between, everything goes back.
    private void apply(Document note) {
        var items = note.documents("items");
        boolean plain = items.size() == 1;
        try {
            for (var item : plain ? List.<Document>of() : items) {
                place(item, ASIDE + item.objectId("mailbox").orElseThrow());
            }
            for (var item : items) {
                place(item, item.string("to", ""));
            }
        } catch (StoreException.Duplicate e) {
            for (var item : items) {
                place(item, item.string("from", ""));
            }
            steps.deleteOne(Document.of("_id", note.id()));
            throw e;
        }
        told(note);
    }

    private void place(Document item, String path) {
        var from = List.of(item.string("from", ""), ASIDE + item.objectId("mailbox").orElseThrow(), item.string("to", ""));
        var filter = Document.of("_id", item.value("mailbox"), "path", Document.of("$in", from));
        table.update(filter, Document.of("$set", Document.of("path", path)));
    }

    private void told(Document note) {
        var account = new AccountId(note.objectId("user").orElseThrow());
        var entries = new ArrayList<Document>();
        for (var item : note.documents("items")) {
            boxes.find(new MailboxId(item.objectId("mailbox").orElseThrow()))
                    .ifPresent(box -> entries.add(
                            journal.about(Kind.RENAME, box.account(), box.id(), box.modSeq(), item.string("to", ""))));
        }
        journal.add(account, entries);
        steps.deleteOne(Document.of("_id", note.id()));
        events.publish(account);
    }

    @Override
    public Mailbox update(MailboxId id, Changes changes) {
        var set = new LinkedHashMap<String, @Nullable Object>();
        put(set, "subscribed", changes.subscribed());
        put(set, "hidden", changes.hidden());
        put(set, "encryptMessages", changes.encryptMessages());
        put(set, "retention", changes.retention());
        if (!set.isEmpty() && !table.update(Document.of("_id", id.value()), Document.of("$set", new Document(set)))) {
            throw new StoreException.Missing("mailbox " + id);
        }
        boxes.forget(id);
        var box = boxes.require(id);
        events.publish(box.account());
        return mailbox(box);
    }

    private static void put(LinkedHashMap<String, @Nullable Object> set, String name, @Nullable Object value) {
        if (value != null) {
            set.put(name, value);
        }
    }

    @Override
    public void delete(MailboxId id) {
        var box = boxes.require(id);
        var note = Document.of(
                "_id", ObjectId.next(), "kind", "delete", "user", box.account().value(), "mailbox", id.value(), "modseq",
                box.modSeq(), "path", box.document().string("path", ""));
        steps.insert(note);
        if (!table.deleteOne(Document.of("_id", id.value()))) {
            steps.deleteOne(Document.of("_id", note.id()));
            throw new StoreException.Missing("mailbox " + id);
        }
        boxes.forget(id);
        inboxes.invalidate(box.account());
        purge(note);
    }

    private void purge(Document note) {
        var id = new MailboxId(note.objectId("mailbox").orElseThrow());
        var account = new AccountId(note.objectId("user").orElseThrow());
        leaving.forgetMailbox(id);
        journal.add(account, List.of(journal.about(Kind.DELETE, account, id, note.number("modseq"), note.string("path", ""))));
        steps.deleteOne(Document.of("_id", note.id()));
        events.publish(account);
    }

    /// Finishes what a note tells of. A deletion that did not begin is none.
    void finish(Document note) {
        if (note.string("kind", "").equals("rename")) {
            apply(note);
        } else if (boxes.find(new MailboxId(note.objectId("mailbox").orElseThrow())).isPresent()) {
            steps.deleteOne(Document.of("_id", note.id()));
        } else {
            purge(note);
        }
    }

    /// Notes of steps that are not finished.
    List<Document> notes() {
        return steps.all(Table.Query.of(Document.EMPTY).sort("_id", 1));
    }

    void deleteAll(AccountId account) {
        for (var d : table.all(Table.Query.of(Document.of("user", account.value())).fields("_id"))) {
            try {
                delete(new MailboxId(d.id()));
            } catch (StoreException.Missing gone) {
                continue; // somebody else deletes the account as well
            }
        }
    }
}
