package org.pintail.mongodb;

import org.pintail.backend.Document;

/// What a message has because of the mailbox it lies in (data model §5): when it goes, and whether it is junk. The tasks of WildDuck delete
/// by it, so a message that leaves the Trash must not keep it.
final class Placing {
    private Placing() {}

    /// The message as it comes into a mailbox. Time runs from when its document was made.
    static Document in(Box mailbox, Document message) {
        return junk(mailbox, expiring(mailbox, message));
    }

    private static Document expiring(Box mailbox, Document message) {
        long retention = mailbox.document().number("retention");
        if (retention <= 0) {
            var kept = message.without("rdate", "retentionTime");
            boolean said = !kept.bool("exp") && kept.has("exp") && kept.has("retention") && kept.number("retention") == 0;
            return said ? kept : kept.with(Document.of("exp", false, "retention", 0));
        }
        long now = message.id().created().toEpochMilli();
        return message.with(Document.of("exp", true, "rdate", now + retention, "retention", retention, "retentionTime", now));
    }

    /// Junk that is thrown away stays junk.
    private static Document junk(Box mailbox, Document message) {
        return switch (mailbox.document().string("specialUse", "")) {
            case "\\Junk" -> message.with("junk", true);
            case "\\Trash" -> message;
            default -> message.without("junk");
        };
    }
}
