package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxChanges.Expunged;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;

/// What there is in a mailbox, as far as the steps in it let it be seen.
final class MailboxRows {
    private final Table table;
    private final Boxes boxes;
    private final Finishing finishing;
    private final Leaving leaving;

    MailboxRows(Databases databases, Boxes boxes, Finishing finishing, Leaving leaving) {
        this.table = databases.table("messages");
        this.boxes = boxes;
        this.finishing = finishing;
        this.leaving = leaving;
    }

    /// The mailbox, steps that stand still in it finished or undone.
    Box require(MailboxId id) {
        return finishing.settled(boxes.require(id));
    }

    /// As [#require], as this process saw it last.
    Box recent(MailboxId id) {
        var seen = boxes.recent(id);
        return seen.steps().stream().anyMatch(boxes::isStale) ? require(id) : seen;
    }

    List<MessageRow> rows(MailboxId mailbox) {
        var box = require(mailbox);
        return rows(box, Document.of("$lt", box.visibleUidNext()));
    }

    Optional<MessageRow> row(MailboxId mailbox, long uid) {
        return rows(require(mailbox), Document.of("$eq", uid)).stream().findFirst();
    }

    List<MessageRow> rows(MailboxId mailbox, long first, long last, boolean ascending, int limit) {
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

    List<MessageRow> rows(Box box, Document uids) {
        return visible(found(box, uids, true, 0), box.hidden());
    }

    private List<Document> found(Box box, Document uids, boolean ascending, int limit) {
        int way = ascending ? 1 : -1;
        var filter = Document.of("mailbox", box.id().value(), "uid", uids);
        return table.all(Table.Query.of(filter).fields(RowDocument.FIELDS).sort("uid", way, "_id", way).limit(limit));
    }

    private static List<MessageRow> visible(List<Document> found, Set<ObjectId> hidden) {
        return shown(found, hidden).map(RowDocument::row).toList();
    }

    private static Stream<Document> shown(List<Document> found, Set<ObjectId> hidden) {
        return found.stream().filter(d -> !hidden.contains(d.id()) && !RowDocument.isVoid(d));
    }

    Optional<MessageRow> find(AccountId account, MessageId id) {
        var found = table.first(Table.Query.of(Document.of("_id", id.value(), "user", account.value())).fields(RowDocument.FIELDS));
        return found.filter(d -> !RowDocument.isVoid(d))
                .map(RowDocument::row)
                .filter(r -> boxes.find(r.mailbox()).filter(b -> !b.hidden().contains(id.value())).isPresent());
    }

    MailboxChanges changes(MailboxId mailbox, long sinceModSeq) {
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

    /// Documents of these uids that are there, by uid.
    List<Document> there(Box box, List<Long> uids, String[] fields) {
        var filter = Document.of("mailbox", box.id().value(), "uid", Document.of("$in", uids));
        return shown(table.all(Table.Query.of(filter).fields(fields).sort("uid", 1, "_id", 1)), box.hidden()).toList();
    }
}
