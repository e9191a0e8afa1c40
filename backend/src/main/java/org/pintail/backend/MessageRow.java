package org.pintail.backend;

import java.time.Instant;

/// The columns of one message in one mailbox. `size` is RFC822.SIZE in bytes. `content` is shared by copies.
/// `root` is the id of the first copy. `internalDate` is RFC 9051's INTERNALDATE, `sentDate` the Date field (or the internal date).
public record MessageRow(
        MessageId id,
        MailboxId mailbox,
        long uid,
        long modSeq,
        Flags flags,
        long size,
        Instant internalDate,
        Instant sentDate,
        ObjectId thread,
        ObjectId root,
        ObjectId content,
        boolean hasAttachments) {}
