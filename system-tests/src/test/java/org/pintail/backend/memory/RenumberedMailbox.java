package org.pintail.backend.memory;

import java.util.Map;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;

/// Gives the messages of a mailbox in memory the numbers that a test wants them to have. No role of a store can: numbers only ever ascend.
public final class RenumberedMailbox {
    private RenumberedMailbox() {}

    /// `uidShift` is added to every UID; `modSeqs` by the UID from before.
    public record Numbers(long uidShift, long uidNext, long highestModSeq, Map<Long, Long> modSeqs) {
        public Numbers {
            modSeqs = Map.copyOf(modSeqs);
        }
    }

    public static void renumber(MemoryStore store, MailboxId mailbox, Numbers numbers) {
        var state = state(store);
        state.step(() -> {
            var before = state.box(mailbox);
            var after = new Box(before.mailbox());
            var account = state.account(before.mailbox().account());
            for (var m : before.messages.values()) {
                var row = renumbered(m.row(), numbers);
                after.add(new Box.Stored(row, m.details()));
                account.byId.put(row.id(), row);
            }
            for (long uid = after.nextUid(); uid < numbers.uidNext() - 1; uid = after.nextUid()) {
                // counts up
            }
            for (long modSeq = after.nextModSeq(); modSeq < numbers.highestModSeq(); modSeq = after.nextModSeq()) {
                // counts up
            }
            state.boxes.put(mailbox, after);
            return mailbox;
        });
    }

    private static MessageRow renumbered(MessageRow row, Numbers numbers) {
        return new MessageRow(
                row.id(),
                row.mailbox(),
                row.uid() + numbers.uidShift(),
                numbers.modSeqs().getOrDefault(row.uid(), row.modSeq()),
                row.flags(),
                row.size(),
                row.internalDate(),
                row.sentDate(),
                row.thread(),
                row.root(),
                row.content(),
                row.hasAttachments());
    }

    /// By reflection, so that the engine needs no door for this.
    private static MailState state(MemoryStore store) {
        try {
            var field = MemoryStore.class.getDeclaredField("state");
            field.setAccessible(true);
            return (MailState) field.get(store);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the memory engine keeps its state elsewhere now", e);
        }
    }
}
