package org.pintail.backend;

import java.util.List;
import java.util.stream.Stream;

/// What happened in a mailbox after a modseq: rows as they are now of messages that are new or changed, and UIDs expunged since, ascending.
/// Of a message that was there before an engine may give only the flags, in `flagged`; none is in both.
/// `highestModSeq` and `uidNext` are those of the same moment.
public record MailboxChanges(
        long highestModSeq, long uidNext, List<MessageRow> changed, List<NewFlags> flagged, List<Expunged> expunged) {
    /// A message that was expunged at `modSeq`.
    public record Expunged(long uid, long modSeq) {}

    public MailboxChanges {
        changed = List.copyOf(changed);
        flagged = List.copyOf(flagged);
        expunged = List.copyOf(expunged);
    }

    public MailboxChanges(long highestModSeq, long uidNext, List<MessageRow> changed, List<Expunged> expunged) {
        this(highestModSeq, uidNext, changed, List.of(), expunged);
    }

    /// UIDs of messages that are new or changed, ascending.
    public List<Long> uids() {
        return Stream.concat(changed.stream().map(MessageRow::uid), flagged.stream().map(NewFlags::uid)).sorted().toList();
    }
}
