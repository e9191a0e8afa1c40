package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxChanges.Expunged;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.NewFlags;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Renderings;
import org.pintail.backend.StoreException;
import org.pintail.mime.Source;
import org.pintail.mongodb.Arrivals.Arrival;
import org.pintail.mongodb.Step.Item;
import org.pintail.mongodb.Step.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages over the steps of [Boxes].
final class MongoMessages implements Messages {
    private static final Logger LOG = LoggerFactory.getLogger(MongoMessages.class);

    /// Messages of one step of removal or copying: bounds the document of the mailbox.
    private static final int AT_ONCE = 1000;

    /// Details that a message of somebody else has already, and keeps.
    private static final List<String> THEIRS =
            List.of("msgid", "subject", "intro", "meta", "outbound", "filters", "verificationResults", "forwardTargets");

    private final Table table;
    private final Boxes boxes;
    private final Finishing finishing;
    private final Arrivals arrivals;
    private final Leaving leaving;
    private final Journal journal;
    private final MessageWriter writer;
    private final MessageReader reader;
    private final MongoAttachments attachments;
    private final Usage usage;
    private final MongoMailboxes mailboxes;
    private final Renderer renderer;
    private final Events events;

    /// What the messages share with the mailboxes.
    record Parts(
            Boxes boxes,
            Finishing finishing,
            Arrivals arrivals,
            Leaving leaving,
            Journal journal,
            MongoAttachments attachments,
            Usage usage,
            MongoMailboxes mailboxes) {}

    MongoMessages(Databases databases, Parts parts, Renderer renderer, Events events) {
        this.table = databases.table("messages");
        this.boxes = parts.boxes();
        this.finishing = parts.finishing();
        this.arrivals = parts.arrivals();
        this.leaving = parts.leaving();
        this.journal = parts.journal();
        this.attachments = parts.attachments();
        this.usage = parts.usage();
        this.mailboxes = parts.mailboxes();
        this.writer = new MessageWriter(attachments);
        this.reader = new MessageReader(attachments);
        this.renderer = renderer;
        this.events = events;
    }

    private Box require(MailboxId id) {
        return finishing.settled(boxes.require(id));
    }

    private Box recent(MailboxId id) {
        var seen = boxes.recent(id);
        return seen.steps().stream().anyMatch(boxes::isStale) ? require(id) : seen;
    }

    @Override
    public List<MessageRow> append(List<NewMessage> messages) {
        if (messages.isEmpty()) {
            return List.of();
        }
        var ids = new HashSet<MessageId>();
        for (var m : messages) {
            belongs(m);
            if (!ids.add(m.id())) {
                throw new StoreException.Duplicate("_id_");
            }
        }
        var reserved = reserve(messages);
        var written = new ArrayList<Arrival>();
        try {
            for (var m : messages) {
                written.add(new Arrival(writer.write(m).document(), m.mailbox(), m.flags(), m.session()));
            }
        } catch (RuntimeException e) {
            written.forEach(a -> attachments.release(MessageWriter.parts(a.document()), (int) a.document().number("magic")));
            reserved.forEach(usage::release);
            throw e;
        }
        var rows = arrivals.place(written);
        reserved.keySet().forEach(events::publish);
        return rows;
    }

    @Override
    public List<MessageRow> deliver(List<NewMessage> messages) {
        if (messages.size() != 1 || !usage.isFar(messages.getFirst().account(), messages.getFirst().size(), messages.getFirst().quota())) {
            return append(messages);
        }
        var m = messages.getFirst();
        belongs(m);
        return List.of(arrivals.deliver(new Arrival(writer.write(m).document(), m.mailbox(), m.flags(), m.session())));
    }

    private void belongs(NewMessage m) {
        if (!recent(m.mailbox()).account().equals(m.account())) {
            throw new StoreException.Missing("mailbox " + m.mailbox() + " of account " + m.account());
        }
    }

    /// Raises the usage of every account, or of none.
    private Map<AccountId, Long> reserve(List<NewMessage> messages) {
        var sizes = new LinkedHashMap<AccountId, Long>();
        var quotas = new HashMap<AccountId, Long>();
        for (var m : messages) {
            sizes.merge(m.account(), m.size(), Long::sum);
            if (m.quota() > 0) {
                quotas.merge(m.account(), m.quota(), Math::min);
            }
        }
        var reserved = new LinkedHashMap<AccountId, Long>();
        try {
            sizes.forEach((account, size) -> {
                usage.reserve(account, size, quotas.getOrDefault(account, 0L));
                reserved.put(account, size);
            });
            return sizes;
        } catch (StoreException e) {
            reserved.forEach(usage::release);
            throw e;
        }
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox) {
        var box = require(mailbox);
        return rows(box, Document.of("$lt", box.visibleUidNext()));
    }

    @Override
    public Optional<MessageRow> row(MailboxId mailbox, long uid) {
        return rows(require(mailbox), Document.of("$eq", uid)).stream().findFirst();
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox, long first, long last, boolean ascending, int limit) {
        var box = require(mailbox);
        if (first > last || limit <= 0) {
            return List.of();
        }
        int most = limit == Integer.MAX_VALUE ? 0 : limit;
        var rows = new ArrayList<MessageRow>();
        long from = first;
        long to = last;
        while (true) { // fewer than asked for would be the end to those who read page by page
            int missing = most - rows.size();
            var found = found(box, Document.of("$gte", from, "$lte", to), ascending, missing);
            rows.addAll(visible(found, box.hidden()));
            if (most == 0 || found.size() < missing || rows.size() == most) {
                return rows;
            }
            long seen = found.getLast().number("uid");
            from = ascending ? seen + 1 : from;
            to = ascending ? to : seen - 1;
        }
    }

    private List<MessageRow> rows(Box box, Document uids) {
        return visible(found(box, uids, true, 0), box.hidden());
    }

    private List<Document> found(Box box, Document uids, boolean ascending, int limit) {
        int way = ascending ? 1 : -1;
        var filter = Document.of("mailbox", box.id().value(), "uid", uids);
        return table.all(Table.Query.of(filter).fields(RowDocument.FIELDS).sort("uid", way, "_id", way).limit(limit));
    }

    private static List<MessageRow> visible(List<Document> found, Set<ObjectId> hidden) {
        return found.stream()
                .filter(d -> !hidden.contains(d.id()) && !RowDocument.isVoid(d))
                .map(RowDocument::row)
                .toList();
    }

    @Override
    public Optional<MessageRow> find(AccountId account, MessageId id) {
        var found = table.first(Table.Query.of(Document.of("_id", id.value(), "user", account.value())).fields(RowDocument.FIELDS));
        return found.filter(d -> !RowDocument.isVoid(d))
                .map(RowDocument::row)
                .filter(r -> boxes.find(r.mailbox()).filter(b -> !b.hidden().contains(id.value())).isPresent());
    }

    @Override
    public MailboxChanges changes(MailboxId mailbox, long sinceModSeq) {
        var box = require(mailbox);
        long until = box.visibleModSeq();
        var range = Document.of("mailbox", mailbox.value(), "modseq", Document.of("$gt", sinceModSeq, "$lte", until));
        var changed = table.all(Table.Query.of(range).fields(RowDocument.FIELDS).sort("modseq", 1, "uid", 1));
        var rows = new ArrayList<>(changed.stream().filter(d -> !RowDocument.isVoid(d)).map(RowDocument::row).toList());
        rows.sort(Comparator.comparingLong(MessageRow::uid));
        return new MailboxChanges(until, box.visibleUidNext(), rows, expunged(box, sinceModSeq, until));
    }

    /// Remembered from when this store had the mailbox to itself; for times before, every uid that is not there.
    private List<Expunged> expunged(Box box, long since, long until) {
        long known = RowDocument.pintail(box.document()).number("since");
        var gone = new ArrayList<Expunged>();
        if (since > 0 && since < known) {
            var there = new HashSet<Long>();
            var all = Table.Query.of(Document.of("mailbox", box.id().value())).fields("uid").sort("uid", 1);
            table.all(all).forEach(d -> there.add(d.number("uid")));
            for (long uid = 1; uid < box.visibleUidNext(); uid++) {
                if (!there.contains(uid)) {
                    gone.add(new Expunged(uid, until));
                }
            }
            return gone;
        }
        var range = Document.of("mailbox", box.id().value(), "modseq", Document.of("$gt", since, "$lte", until));
        leaving.expunged().all(Table.Query.of(range).sort("modseq", 1, "uid", 1))
                .forEach(d -> gone.add(new Expunged(d.number("uid"), d.number("modseq"))));
        gone.sort(Comparator.comparingLong(Expunged::uid));
        return gone;
    }

    private static Document key(MessageRow row) {
        return Document.of("_id", row.id().value(), "mailbox", row.mailbox().value(), "uid", row.uid());
    }

    private Document require(MessageRow row, String[] fields) {
        return table.first(Table.Query.of(key(row)).fields(fields))
                .filter(d -> !RowDocument.isVoid(d))
                .orElseThrow(() -> new StoreException.Missing("message " + row.id()));
    }

    @Override
    public MessageContent content(MessageRow row) {
        return MessageReader.content(rendered(row, require(row, MessageReader.SHOWN)));
    }

    @Override
    public Renderings renderings(MessageRow row) {
        var found = require(row, MessageReader.RENDERINGS);
        return MessageReader.isRendered(found) ? MessageReader.renderings(found) : Messages.super.renderings(row);
    }

    @Override
    public Map<MessageId, Renderings> renderings(List<MessageRow> rows) {
        var out = new HashMap<MessageId, Renderings>();
        together(rows, MessageReader.RENDERINGS).forEach((row, found) -> {
            if (MessageReader.isRendered(found)) {
                out.put(row.id(), MessageReader.renderings(found));
            } else {
                out.putAll(Messages.super.renderings(List.of(row)));
            }
        });
        return out;
    }

    @Override
    public Map<MessageId, Source> open(List<MessageRow> rows) {
        var out = new HashMap<MessageId, Source>();
        together(rows, MessageReader.TEXT).forEach((row, found) -> out.put(row.id(), reader.source(found)));
        return out;
    }

    /// The documents of those that are there: one query for the rows of a mailbox.
    private Map<MessageRow, Document> together(List<MessageRow> rows, String[] fields) {
        var byMailbox = new LinkedHashMap<MailboxId, Map<ObjectId, MessageRow>>();
        rows.forEach(r -> byMailbox.computeIfAbsent(r.mailbox(), _ -> new LinkedHashMap<>()).put(r.id().value(), r));
        var found = new LinkedHashMap<MessageRow, Document>();
        byMailbox.forEach((mailbox, some) -> {
            var filter = Document.of("mailbox", mailbox.value(), "uid", uids(some.values().stream().map(MessageRow::uid).toList()));
            for (var d : table.all(Table.Query.of(filter).fields(fields).sort("uid", 1, "_id", 1))) {
                var row = some.get(d.id());
                if (row != null && !RowDocument.isVoid(d)) {
                    found.put(row, d);
                }
            }
        });
        return found;
    }

    /// Of one uid after the other the range, which is shorter.
    private static Document uids(List<Long> uids) {
        long first = uids.stream().min(Comparator.naturalOrder()).orElseThrow();
        long last = uids.stream().max(Comparator.naturalOrder()).orElseThrow();
        return last - first + 1 == uids.size() ? Document.of("$gte", first, "$lte", last) : Document.of("$in", uids);
    }

    /// A message of somebody else gets our renderings, once.
    private Document rendered(MessageRow row, Document message) {
        if (MessageReader.isRendered(message)) {
            return message;
        }
        var made = renderer.render(open(row), message);
        var theirs = THEIRS.stream().filter(message::has).toList();
        var kept = RowDocument.pintail(message).with(Document.of(
                "content", row.content(),
                "envelope", made.envelope(),
                "structure", made.bodyStructure(),
                "parts", made.partMap(),
                "own", made.details().without(theirs.toArray(String[]::new)),
                "shared", theirs));
        var set = Document.EMPTY;
        for (var field : kept.fields().entrySet()) {
            set = set.with("pintail." + field.getKey(), field.getValue());
        }
        try {
            table.update(key(row), Document.of("$set", set));
        } catch (StoreException e) {
            LOG.warn("renderings are not kept message={} error={}", row.id(), e.getMessage()); // too large a document: made again next time
        }
        return message.with("pintail", kept);
    }

    @Override
    public Source open(MessageRow row) {
        return reader.source(require(row, MessageReader.TEXT));
    }

    @Override
    public FlagsChanged changeFlags(
            MailboxId mailbox,
            Collection<Long> uids,
            UnaryOperator<Flags> change,
            long unchangedSince,
            @Nullable String session) {
        var chosen = new TreeSet<>(uids);
        var modified = new ArrayList<Long>();
        var wanted = new ArrayList<MessageRow>();
        var found = new ArrayList<Box>(1);
        require(mailbox);
        var step = boxes.begin(mailbox, (box, id) -> {
            modified.clear();
            wanted.clear();
            found.clear();
            found.add(box);
            box.steps().stream().filter(s -> s.kind() == Kind.FLAGS).forEach(s -> finishing.applyFlags(box, s));
            var items = flagged(box, chosen, change, unchangedSince, modified, wanted);
            if (items.isEmpty()) {
                return null;
            }
            long unseen = items.stream().filter(Item::unseenChange).mapToLong(i -> i.flags().has(Flags.SEEN) ? -1 : 1).sum();
            var keywords = items.stream().flatMap(i -> i.flags().keywords().stream()).distinct().toList();
            return new Boxes.Plan(
                    0, 1, new Step(id, Kind.FLAGS, box.modSeq() + 1, items, session, 0, unseen, 0, null, null), keywords);
        });
        if (step == null) {
            return new FlagsChanged(List.of(), modified);
        }
        finishing.flags(found.getFirst(), step, false);
        events.publish(found.getFirst().account());
        var changed = new ArrayList<NewFlags>();
        for (int i = 0; i < wanted.size(); i++) {
            changed.add(new NewFlags(wanted.get(i).uid(), step.modSeq(), step.items().get(i).flags()));
        }
        return new FlagsChanged(changed, modified);
    }

    private List<Item> flagged(
            Box box,
            SortedSet<Long> uids,
            UnaryOperator<Flags> change,
            long unchangedSince,
            List<Long> modified,
            List<MessageRow> wanted) {
        var items = new ArrayList<Item>();
        if (uids.isEmpty()) {
            return items;
        }
        for (var row : rows(box, Document.of("$gte", uids.first(), "$lte", uids.last()))) {
            if (!uids.contains(row.uid())) {
                continue;
            }
            if (row.modSeq() > unchangedSince) {
                modified.add(row.uid());
                continue;
            }
            var flags = change.apply(row.flags());
            if (!flags.equals(row.flags())) {
                boolean unseen = flags.has(Flags.SEEN) != row.flags().has(Flags.SEEN);
                items.add(new Item(row.id().value(), row.uid(), box.modSeq() + 1, flags, row.thread(), unseen, null));
                wanted.add(row);
            }
        }
        return items;
    }

    private static MessageRow flagged(MessageRow r, Flags flags, long modSeq) {
        return new MessageRow(
                r.id(), r.mailbox(), r.uid(), modSeq, flags, r.size(), r.internalDate(), r.sentDate(), r.thread(), r.root(),
                r.content(), r.hasAttachments());
    }

    @Override
    public List<Copied> copy(MailboxId from, List<Long> uids, MailboxId to, long quota, @Nullable String session) {
        var source = require(from);
        var target = require(to);
        var copied = new ArrayList<Copied>();
        for (var some : inParts(uids)) {
            copied.addAll(copy(source, some, target, quota, session));
        }
        if (copied.isEmpty()) {
            usage.reserve(target.account(), 0, quota);
        } else {
            events.publish(target.account());
        }
        return copied;
    }

    private static List<List<Long>> inParts(List<Long> uids) {
        var sorted = List.copyOf(new TreeSet<>(uids));
        var parts = new ArrayList<List<Long>>();
        for (int i = 0; i < sorted.size(); i += AT_ONCE) {
            parts.add(sorted.subList(i, Math.min(sorted.size(), i + AT_ONCE)));
        }
        return parts;
    }

    private List<Copied> copy(Box source, List<Long> uids, Box target, long quota, @Nullable String session) {
        var documents = there(source, uids, new String[0]);
        if (documents.isEmpty()) {
            return List.of();
        }
        long size = documents.stream().mapToLong(d -> d.number("size")).sum();
        usage.reserve(target.account(), size, quota);
        var made = new ArrayList<Arrival>();
        try {
            for (var d : documents) {
                var flags = RowDocument.flags(d.strings("flags"));
                attachments.share(MessageWriter.parts(d), (int) d.number("magic"));
                var item = new Item(ObjectId.next(), 0, 0, flags, null, false, null);
                made.add(new Arrival(Finishing.copy(d, target, item, true), target.id(), flags, session));
            }
        } catch (RuntimeException e) {
            made.forEach(a -> attachments.release(MessageWriter.parts(a.document()), (int) a.document().number("magic")));
            usage.release(target.account(), size);
            throw e;
        }
        var rows = arrivals.place(made);
        var copied = new ArrayList<Copied>();
        for (int i = 0; i < rows.size(); i++) {
            copied.add(new Copied(documents.get(i).number("uid"), rows.get(i)));
        }
        return copied;
    }

    /// Documents of these uids that are there, by uid.
    private List<Document> there(Box box, List<Long> uids, String[] fields) {
        var hidden = box.hidden();
        var filter = Document.of("mailbox", box.id().value(), "uid", Document.of("$in", uids));
        return table.all(Table.Query.of(filter).fields(fields).sort("uid", 1, "_id", 1)).stream()
                .filter(d -> !hidden.contains(d.id()) && !RowDocument.isVoid(d))
                .toList();
    }

    @Override
    public List<Copied> move(MailboxId from, List<Long> uids, MailboxId to, @Nullable String session) {
        var source = require(from);
        require(to);
        var copied = new ArrayList<Copied>();
        for (var some : inParts(uids)) {
            var step = leave(from, some, Kind.MOVE, to, session);
            if (step != null) {
                var rows = finishing.move(source, step, false);
                for (var item : step.items()) {
                    var row = rows.get(item.message());
                    if (row != null) {
                        copied.add(new Copied(item.uid(), row));
                    }
                }
                events.publish(source.account());
            }
        }
        return copied;
    }

    @Override
    public List<Long> expunge(MailboxId mailbox, List<Long> uids, @Nullable String session) {
        var box = require(mailbox);
        var gone = new ArrayList<Long>();
        for (var some : inParts(uids)) {
            var step = leave(mailbox, some, Kind.GONE, null, session);
            if (step != null) {
                finishing.gone(box, step, false);
                step.items().forEach(i -> gone.add(i.uid()));
                events.publish(box.account());
            }
        }
        return gone;
    }

    private @Nullable Step leave(MailboxId mailbox, List<Long> uids, Kind kind, @Nullable MailboxId to, @Nullable String session) {
        return boxes.begin(mailbox, (box, id) -> {
            var rows = there(box, uids, RowDocument.FIELDS).stream().map(RowDocument::row).toList();
            if (rows.isEmpty()) {
                return null;
            }
            var items = rows.stream()
                    .map(r -> new Item(
                            r.id().value(), r.uid(), box.modSeq() + 1, r.flags(), r.thread(), !r.flags().has(Flags.SEEN),
                            to == null ? null : ObjectId.next()))
                    .toList();
            long size = rows.stream().mapToLong(MessageRow::size).sum();
            var step = new Step(
                    id, kind, box.modSeq() + 1, items, session, -items.size(), -Arrivals.unseen(items), -size,
                    to == null ? null : to.value(), null);
            return new Boxes.Plan(0, 1, step, List.of());
        });
    }

    @Override
    public Optional<MessageContent> updateDetails(MessageRow row, UnaryOperator<Document> change) {
        while (true) {
            var found = table.first(Table.Query.of(key(row)).fields(MessageReader.SHOWN));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            var message = rendered(row, found.get());
            var update = Details.update(message, change.apply(Details.of(message)));
            if (update == null) {
                return Optional.of(MessageReader.content(message));
            }
            var filter = key(row).with("pintail.rev", RowDocument.pintail(message).value("rev"));
            if (table.updateOnce(filter, update)) {
                return Optional.of(content(row));
            }
        }
    }

    @Override
    public long usage(AccountId account) {
        boxes.reads(account);
        return usage.of(account);
    }

    @Override
    public List<JournalEntry> journal(AccountId account, @Nullable ObjectId after, int limit) {
        return journal.after(account, after, limit);
    }

    @Override
    public Optional<ObjectId> lastJournalEntry(AccountId account) {
        return journal.last(account);
    }

    @Override
    public void deleteAll(AccountId account) {
        mailboxes.deleteAll(account);
        journal.forget(account);
        leaving.expunged().deleteAll(Document.of("user", account.value()));
        events.publish(account);
    }
}
