package org.pintail.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Messages.FlagsChanged;
import org.pintail.backend.NewFlags;

/// A change of flags in one mailbox, block by block: rows are read only where a block says nothing of a message, and none is written.
final class FlagStep {
    private final Txn txn;
    private final MailboxId mailbox;
    private final UnaryOperator<Flags> change;
    private final long unchangedSince;
    private final FlagBlocks blocks;
    private final long modSeq;
    private final Map<Flags, Flags> results = new HashMap<>();
    private @Nullable Flags lastBefore;
    private @Nullable Flags lastAfter;
    private final List<NewFlags> changed = new ArrayList<>();
    private final BitSet unseenChanges = new BitSet();
    private final List<Long> modified = new ArrayList<>();
    private long unseen;

    private FlagStep(Txn txn, MailboxId mailbox, long modSeq, UnaryOperator<Flags> change, long unchangedSince) {
        this.txn = txn;
        this.mailbox = mailbox;
        this.modSeq = modSeq;
        this.change = change;
        this.unchangedSince = unchangedSince;
        this.blocks = new FlagBlocks(txn, mailbox);
    }

    static FlagsChanged run(
            Txn txn, Ledger ledger, MailboxId mailbox, Collection<Long> uids, UnaryOperator<Flags> change, long unchangedSince,
            @Nullable String session) {
        var box = Ledger.mailbox(txn, mailbox);
        var step = new FlagStep(txn, mailbox, box.highestModSeq() + 1, change, unchangedSince);
        step.all(Ledger.ascending(uids));
        step.blocks.flush();
        if (!step.changed.isEmpty()) {
            Set<Flags> kinds = new HashSet<>(step.results.values());
            Ledger.put(txn, Ledger.flagged(box, step.modSeq, step.unseen, kinds));
            ledger.entries(txn, box.account(), mailbox, step.changed, step.unseenChanges, session);
            txn.touch(box.account());
        }
        return new FlagsChanged(step.changed, step.modified);
    }

    private void all(long[] uids) {
        int from = 0;
        while (from < uids.length) {
            long block = FlagBlock.numberOf(uids[from]);
            int to = from;
            while (to < uids.length && FlagBlock.numberOf(uids[to]) == block) {
                to++;
            }
            some(Arrays.copyOfRange(uids, from, to));
            from = to;
        }
    }

    /// Messages of one block.
    private void some(long[] uids) {
        var block = blocks.at(uids[0]);
        var others = new CurrentRows(txn).all(mailbox, Arrays.stream(uids).filter(uid -> !block.has(uid)).toArray());
        int next = 0;
        for (long uid : uids) {
            if (block.has(uid)) {
                one(uid, block.flags(uid), block.modSeq(uid));
            } else if (next < others.size() && others.get(next).row().uid() == uid) {
                var row = others.get(next++).row();
                one(uid, row.flags(), row.modSeq());
            }
        }
    }

    private void one(long uid, Flags before, long changedAt) {
        if (changedAt > unchangedSince) {
            modified.add(uid);
            return;
        }
        var after = after(before);
        if (after.equals(before)) {
            return;
        }
        blocks.put(uid, after, modSeq);
        int more = Ledger.unseen(after) - Ledger.unseen(before);
        if (more != 0) {
            unseen += more;
            unseenChanges.set(changed.size());
        }
        changed.add(new NewFlags(uid, modSeq, after));
    }

    private Flags after(Flags before) {
        var known = lastAfter;
        if (known == null || before != lastBefore) { // most often they are those of the message before
            known = results.computeIfAbsent(before, change);
            lastBefore = before;
            lastAfter = known;
        }
        return known;
    }
}
