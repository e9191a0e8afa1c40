package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.pintail.backend.ThreadClues;
import org.pintail.backend.Threading;
import org.pintail.backend.Threading.Newcomer;
import org.pintail.mime.Source;
import org.pintail.mongodb.Arrivals.Arrival;
import org.pintail.mongodb.Step.Item;
import org.pintail.mongodb.Step.Kind;

/// Messages over the steps of [Boxes]: what changes a mailbox is here, what is looked up in [MailboxRows] and [MessageContents].
final class MongoMessages implements Messages {
    /// Messages of one step of removal or copying: bounds the document of the mailbox.
    private static final int AT_ONCE = 1000;

    private final Boxes boxes;
    private final MailboxRows listing;
    private final MessageContents contents;
    private final Finishing finishing;
    private final Arrivals arrivals;
    private final Leaving leaving;
    private final Journal journal;
    private final MessageWriter writer;
    private final MongoAttachments attachments;
    private final Usage usage;
    private final MongoMailboxes mailboxes;
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
        this.boxes = parts.boxes();
        this.finishing = parts.finishing();
        this.arrivals = parts.arrivals();
        this.leaving = parts.leaving();
        this.journal = parts.journal();
        this.attachments = parts.attachments();
        this.usage = parts.usage();
        this.mailboxes = parts.mailboxes();
        this.writer = new MessageWriter(attachments);
        this.listing = new MailboxRows(databases, boxes, finishing, leaving);
        this.contents = new MessageContents(databases, attachments, renderer);
        this.events = events;
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
    public void deliver(NewMessage m, ThreadClues clues, Threading threading) {
        if (!usage.isFar(m.account(), m.size(), m.quota())) {
            Messages.super.deliver(m, clues, threading);
            return;
        }
        belongs(m);
        var newcomer = new Newcomer(m.account(), m.id(), m.thread(), clues);
        arrivals.deliver(new Arrival(writer.write(m).document(), m.mailbox(), m.flags(), m.session()), newcomer, threading);
    }

    private void belongs(NewMessage m) {
        if (!listing.recent(m.mailbox()).account().equals(m.account())) {
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
        return listing.rows(mailbox);
    }

    @Override
    public Optional<MessageRow> row(MailboxId mailbox, long uid) {
        return listing.row(mailbox, uid);
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox, long first, long last, boolean ascending, int limit) {
        return listing.rows(mailbox, first, last, ascending, limit);
    }

    @Override
    public Optional<MessageRow> find(AccountId account, MessageId id) {
        return listing.find(account, id);
    }

    @Override
    public MailboxChanges changes(MailboxId mailbox, long sinceModSeq) {
        return listing.changes(mailbox, sinceModSeq);
    }

    @Override
    public MessageContent content(MessageRow row) {
        return contents.content(row);
    }

    @Override
    public Renderings renderings(MessageRow row) {
        return contents.renderings(row);
    }

    @Override
    public Map<MessageId, Renderings> renderings(List<MessageRow> rows) {
        return contents.renderings(rows);
    }

    @Override
    public Source open(MessageRow row) {
        return contents.open(row);
    }

    @Override
    public Map<MessageId, Source> open(List<MessageRow> rows) {
        return contents.open(rows);
    }

    @Override
    public Optional<MessageContent> updateDetails(MessageRow row, UnaryOperator<Document> change) {
        return contents.updateDetails(row, change);
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
        listing.require(mailbox);
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
        for (var row : listing.rows(box, Document.of("$gte", uids.first(), "$lte", uids.last()))) {
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

    @Override
    public List<Copied> copy(MailboxId from, List<Long> uids, MailboxId to, long quota, @Nullable String session) {
        var source = listing.require(from);
        var target = listing.require(to);
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
        var documents = listing.there(source, uids, new String[0]);
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

    @Override
    public List<Copied> move(MailboxId from, List<Long> uids, MailboxId to, @Nullable String session) {
        var source = listing.require(from);
        listing.require(to);
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
        var box = listing.require(mailbox);
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
            var rows = listing.there(box, uids, RowDocument.FIELDS).stream().map(RowDocument::row).toList();
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
