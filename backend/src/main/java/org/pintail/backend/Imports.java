package org.pintail.backend;

import java.util.List;

/// Takes in what another engine held, with the numbers it had there. Everything may be given again after an interruption: what is there stays.
/// Nothing is written to the journal and nobody is woken; mailboxes must not be in use meanwhile.
public interface Imports {
    /// A mailbox as it was, but empty: `messages`, `unseen` and `size` are counted as messages come. Throws [StoreException.Duplicate] when
    /// its path belongs to another mailbox.
    void mailbox(Mailbox mailbox);

    /// A message with its place. Quota and session do not matter.
    record Restored(NewMessage message, long uid, long modSeq, ObjectId root) {}

    /// Messages of mailboxes that are there, each below `uidNext`. Durable on return. How many were added. Throws [StoreException.Missing].
    int messages(List<Restored> messages);

    /// All uids of a mailbox that are gone, for [Messages#changes].
    void expunged(MailboxId mailbox, List<MailboxChanges.Expunged> expunged);
}
