package org.pintail.backend;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pintail.mime.Cut;

/// A message to be appended, everything computed that needs its bytes. `head` are bytes that stand before the cut message (trace fields
/// of one recipient): the stored message is head + the rebuilt cut, `size` counts both. `quota` in bytes bounds the account's usage
/// before the append (usage >= quota refuses); 0 is none.
public record NewMessage(
        AccountId account,
        MailboxId mailbox,
        MessageId id,
        Flags flags,
        Instant internalDate,
        Instant sentDate,
        ObjectId thread,
        boolean hasAttachments,
        long size,
        Bytes head,
        Cut cut,
        Bytes envelope,
        Bytes bodyStructure,
        Bytes partMap,
        Document details,
        long quota,
        @Nullable String session) {
    /// The same, where messages of so many bytes go from the account right after it: they do not count against its quota.
    public NewMessage beside(long leaving) {
        return new NewMessage(
                account, mailbox, id, flags, internalDate, sentDate, thread, hasAttachments, size, head, cut, envelope, bodyStructure, partMap,
                details, quota == 0 ? 0 : quota + leaving, session);
    }

    /// The same in another thread.
    public NewMessage in(ObjectId otherThread) {
        return new NewMessage(
                account, mailbox, id, flags, internalDate, sentDate, otherThread, hasAttachments, size, head, cut, envelope, bodyStructure,
                partMap, details, quota, session);
    }
}
