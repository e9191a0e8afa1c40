package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;

/// The columns of a message in its document.
final class RowDocument {
    static final String[] FIELDS = {
        "mailbox", "uid", "modseq", "flags", "size", "idate", "hdate", "thread", "root", "ha", "pintail.content", "pintail.void"
    };

    private RowDocument() {}

    static MessageRow row(Document d) {
        var id = d.id();
        var internal = d.instant("idate").orElseGet(id::created);
        return new MessageRow(
                new MessageId(id),
                new MailboxId(d.objectId("mailbox").orElse(id)),
                d.number("uid"),
                d.number("modseq"),
                flags(d.strings("flags")),
                d.number("size"),
                internal,
                d.instant("hdate").orElse(internal),
                d.objectId("thread").orElse(id),
                d.objectId("root").orElse(id),
                pintail(d).objectId("content").orElse(id),
                d.bool("ha"));
    }

    static Document pintail(Document d) {
        return d.document("pintail").orElse(Document.EMPTY);
    }

    /// Stands where a message was to come that never came.
    static boolean isVoid(Document d) {
        return pintail(d).bool("void");
    }

    /// System flags that nobody knows are left out.
    static Flags flags(List<String> names) {
        var known = new ArrayList<String>();
        for (var name : names) {
            if (!name.startsWith("\\") || Flags.systemBit(name).isPresent()) {
                known.add(name);
            }
        }
        return Flags.of(known);
    }

    /// The fields that mirror flags.
    static Document flagFields(Flags flags) {
        return Document.of(
                "flags", flags.names(),
                "unseen", !flags.has(Flags.SEEN),
                "undeleted", !flags.has(Flags.DELETED),
                "flagged", flags.has(Flags.FLAGGED),
                "draft", flags.has(Flags.DRAFT));
    }

    /// The update that gives a message these flags.
    static Document flagUpdate(Flags flags, long modSeq) {
        var set = flagFields(flags).with("modseq", modSeq);
        return flags.has(Flags.DELETED)
                ? Document.of("$set", set, "$unset", Document.of("searchable", ""))
                : Document.of("$set", set.with("searchable", true));
    }

}
