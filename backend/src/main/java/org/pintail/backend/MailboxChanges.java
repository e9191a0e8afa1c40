package org.pintail.backend;

import java.util.List;

/// What happened in a mailbox after a modseq: rows as they are now (new or changed), and UIDs expunged since, ascending.
/// `highestModSeq` and `uidNext` are those of the same moment.
public record MailboxChanges(long highestModSeq, long uidNext, List<MessageRow> changed, List<Expunged> expunged) {
    /// A message that was expunged at `modSeq`.
    public record Expunged(long uid, long modSeq) {}

    public MailboxChanges {
        changed = List.copyOf(changed);
        expunged = List.copyOf(expunged);
    }
}
