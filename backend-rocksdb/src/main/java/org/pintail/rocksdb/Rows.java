package org.pintail.rocksdb;

import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;

/// Rows made from rows.
final class Rows {
    private Rows() {}

    static MessageRow flagged(MessageRow r, long modSeq, Flags flags) {
        return new MessageRow(
                r.id(), r.mailbox(), r.uid(), modSeq, flags, r.size(), r.internalDate(), r.sentDate(), r.thread(), r.root(), r.content(),
                r.hasAttachments());
    }

    /// The same message with a new id somewhere else.
    static MessageRow copied(MessageRow r, MailboxId to, long uid, long modSeq) {
        return new MessageRow(
                MessageId.next(), to, uid, modSeq, r.flags(), r.size(), r.internalDate(), r.sentDate(), r.thread(), r.root(), r.content(),
                r.hasAttachments());
    }
}
