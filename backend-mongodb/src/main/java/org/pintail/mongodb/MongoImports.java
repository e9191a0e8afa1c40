package org.pintail.mongodb;

import java.util.List;
import org.pintail.backend.Document;
import org.pintail.backend.Imports;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Imports straight into the collections: mailboxes are not in use meanwhile, so nothing is announced. Counters are left to be counted.
final class MongoImports implements Imports {
    private final Table mailboxes;
    private final Table messages;
    private final Table expunged;
    private final Table validities;
    private final MongoAttachments attachments;
    private final MessageWriter writer;
    private final Usage usage;

    MongoImports(Databases databases, MongoAttachments attachments, Usage usage) {
        this.mailboxes = databases.table("mailboxes");
        this.messages = databases.table("messages");
        this.expunged = databases.table("expunged");
        this.validities = databases.table("uidvalidities");
        this.attachments = attachments;
        this.writer = new MessageWriter(attachments);
        this.usage = usage;
    }

    private static Object number(long n) {
        return n <= Integer.MAX_VALUE ? (Object) (int) n : (Object) n;
    }

    @Override
    public void mailbox(Mailbox m) {
        if (mailboxes.first(Table.Query.of(Document.of("_id", m.id().value())).fields("_id")).isPresent()) {
            return;
        }
        mailboxes.insert(Document.of(
                "_id", m.id().value(),
                "user", m.account().value(),
                "path", m.path(),
                "specialUse", m.specialUse(),
                "uidValidity", number(m.uidValidity()),
                "uidNext", number(m.uidNext()),
                "modifyIndex", number(m.highestModSeq()),
                "subscribed", m.subscribed(),
                "flags", m.keywords(),
                "retention", number(m.retention()),
                "hidden", m.hidden(),
                "encryptMessages", m.encryptMessages(),
                "pintail", Document.of("at", -1, "imported", true, "steps", List.of())));
        try {
            validities.insert(Document.of("_id", m.account().value(), "last", m.uidValidity()));
        } catch (StoreException.Duplicate known) {
            validities.update(
                    Document.of("_id", m.account().value(), "last", Document.of("$lt", m.uidValidity())),
                    Document.of("$set", Document.of("last", m.uidValidity())));
        }
    }

    @Override
    public int messages(List<Restored> restored) {
        for (var mailbox : restored.stream().map(r -> r.message().mailbox()).distinct().toList()) {
            if (!mailboxes.update(Document.of("_id", mailbox.value()), Document.of("$set", Document.of("pintail.at", -1)))) {
                throw new StoreException.Missing("mailbox " + mailbox);
            }
        }
        int added = 0;
        for (var r : restored) {
            added += add(r) ? 1 : 0;
        }
        return added;
    }

    private boolean add(Restored r) {
        var m = r.message();
        var key = Document.of("mailbox", m.mailbox().value(), "uid", r.uid());
        if (messages.first(Table.Query.of(key).fields("_id")).isPresent()) {
            return false;
        }
        var written = writer.write(m);
        var document = written.document().with(Document.of("uid", number(r.uid()), "modseq", number(r.modSeq()), "root", r.root()));
        try {
            usage.reserve(m.account(), m.size(), 0);
            messages.insert(document);
            return true;
        } catch (StoreException e) {
            attachments.release(written.parts(), written.magic());
            throw e;
        }
    }

    @Override
    public void expunged(MailboxId mailbox, List<MailboxChanges.Expunged> gone) {
        var box = mailboxes.first(Table.Query.of(Document.of("_id", mailbox.value())).fields("user"))
                .orElseThrow(() -> new StoreException.Missing("mailbox " + mailbox));
        expunged.deleteAll(Document.of("mailbox", mailbox.value()));
        expunged.insertMissing(gone.stream()
                .map(e -> Document.of(
                        "_id", ObjectId.next(), "user", box.value("user"), "mailbox", mailbox.value(), "uid", e.uid(), "modseq", e.modSeq()))
                .toList());
    }
}
