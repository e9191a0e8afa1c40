package org.pintail.backend;

import org.jspecify.annotations.Nullable;

/// One line of an account's journal. `uid`, `message`, `thread`, `flags`, `unseen` only for the message kinds; `path` for CREATE, RENAME.
/// An engine may look `message` and `thread` of a FETCH up when it is asked: they are null where the mailbox is gone by then.
public record JournalEntry(
        ObjectId id,
        AccountId account,
        Kind kind,
        MailboxId mailbox,
        long uid,
        long modSeq,
        @Nullable MessageId message,
        @Nullable ObjectId thread,
        @Nullable Flags flags,
        boolean unseenChange,
        @Nullable String path,
        @Nullable String session) {
    /// What happened.
    public enum Kind {
        EXISTS,
        EXPUNGE,
        FETCH,
        CREATE,
        RENAME,
        DELETE
    }
}
