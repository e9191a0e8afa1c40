package org.pintail.mongodb;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;

/// Documents of messages going: whoever deletes one gives its parts and its size back, so that happens once.
final class Leaving {
    static final String[] FIELDS = {"user", "mailbox", "uid", "size", "magic", "thread", "mimeTree.attachmentMap", "pintail.void"};
    private static final int PAGE = 200;
    private static final Duration VOID_KEPT = Duration.ofDays(1);
    private final Clock clock;
    private final Boxes boxes;
    private final Table messages;
    private final Table expunged;
    private final MongoAttachments attachments;
    private final Usage usage;

    Leaving(Databases databases, Boxes boxes, MongoAttachments attachments, Usage usage, Clock clock) {
        this.clock = clock;
        this.boxes = boxes;
        this.messages = databases.table("messages");
        this.expunged = databases.table("expunged");
        this.attachments = attachments;
        this.usage = usage;
    }

    void giveBack(Document message) {
        giveBackParts(message);
        usage.release(new AccountId(message.objectId("user").orElse(message.id())), message.number("size"));
    }

    void giveBackParts(Document message) {
        attachments.release(MessageWriter.parts(message), (int) message.number("magic"));
    }

    /// Deletes messages (read with [#FIELDS]) for good.
    private void remove(List<Document> documents, Consumer<Document> giveBack) {
        for (var d : documents) {
            var filter = Document.of("_id", d.id(), "mailbox", d.value("mailbox"), "uid", d.value("uid"));
            if (messages.deleteOne(filter) && !RowDocument.isVoid(d)) {
                giveBack.accept(d);
            }
        }
    }

    private List<Document> documents(MailboxId mailbox, Step step) {
        return documents(mailbox, step.items().stream().map(Step.Item::message).toList());
    }

    List<Document> documents(MailboxId mailbox, List<ObjectId> ids) {
        var found = new ArrayList<Document>();
        for (int from = 0; from < ids.size(); from += PAGE) {
            var some = ids.subList(from, Math.min(ids.size(), from + PAGE));
            var filter = Document.of("_id", Document.of("$in", some), "mailbox", mailbox.value());
            found.addAll(messages.all(Table.Query.of(filter).fields(FIELDS)));
        }
        return found;
    }

    void removeAll(Box box, Step step) {
        remove(documents(box.id(), step), step.owesUsage() ? this::giveBackParts : this::giveBack);
    }

    /// Undoes an ADD or DELIVER that did not end: it cannot end any more, nothing of it can still come, nothing of it is left.
    void undo(Box box, Step step) {
        if (!step.isAborted() && !boxes.abort(box.id(), step)) {
            return;
        }
        for (var item : step.items()) {
            var stop = Document.of(
                    "_id", item.message(), "mailbox", box.id().value(), "uid", item.uid(), "exp", true,
                    "rdate", clock.instant().plus(VOID_KEPT).toEpochMilli(), "pintail", Document.of("void", true));
            messages.insertMissing(List.of(stop));
        }
        remove(
                documents(box.id(), step).stream().filter(d -> !RowDocument.isVoid(d)).toList(),
                step.owesUsage() ? this::giveBackParts : this::giveBack);
        boxes.end(box.id(), step.isAborted() ? step : step.aborted());
    }

    /// Remembers uids that are gone.
    void remember(Box box, Step step) {
        var stones = step.items().stream()
                .map(i -> Document.of(
                        "_id", i.message(), "user", box.account().value(), "mailbox", box.id().value(), "uid", i.uid(), "modseq",
                        step.modSeq()))
                .toList();
        expunged.insertMissing(stones);
    }

    /// Removes all messages of a mailbox that is gone, and what was remembered of it.
    void forgetMailbox(MailboxId mailbox) {
        List<Document> page;
        do {
            page = messages.all(Table.Query.of(Document.of("mailbox", mailbox.value())).fields(FIELDS).limit(PAGE));
            remove(page, this::giveBack);
        } while (!page.isEmpty());
        expunged.deleteAll(Document.of("mailbox", mailbox.value()));
    }

    Table expunged() {
        return expunged;
    }
}
