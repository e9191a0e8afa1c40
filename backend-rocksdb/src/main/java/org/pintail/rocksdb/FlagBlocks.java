package org.pintail.rocksdb;

import org.jspecify.annotations.Nullable;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;

/// The blocks of one mailbox as an operation of the committer reads and changes them, one after the other by uid. [#flush] writes the last.
final class FlagBlocks {
    private final Txn txn;
    private final MailboxId mailbox;
    private @Nullable FlagBlock open;
    private long number;
    private long latest; // before it was changed
    private boolean changed;

    FlagBlocks(Txn txn, MailboxId mailbox) {
        this.txn = txn;
        this.mailbox = mailbox;
    }

    static byte[] key(MailboxId mailbox, long block) {
        return Keys.idAndNumber(mailbox.value(), block);
    }

    static byte[] modSeqKey(MailboxId mailbox, long latest, long block) {
        return Keys.idAndNumbers(mailbox.value(), latest, block);
    }

    /// The block of a uid, to be read only.
    FlagBlock at(long uid) {
        long wanted = FlagBlock.numberOf(uid);
        var block = open;
        if (block == null || number != wanted) {
            flush();
            block = FlagBlock.decode(txn.get(Family.FLAGS, key(mailbox, wanted)));
            open = block;
            number = wanted;
            latest = block.latest();
        }
        return block;
    }

    void put(long uid, Flags flags, long modSeq) {
        at(uid).put(uid, flags, modSeq);
        changed = true;
    }

    void remove(long uid) {
        if (at(uid).remove(uid)) {
            changed = true;
        }
    }

    void flush() {
        var block = open;
        if (block == null || !changed) {
            return;
        }
        if (latest > 0 && (block.isEmpty() || block.latest() != latest)) {
            txn.delete(Family.FLAG_MODSEQS, modSeqKey(mailbox, latest, number));
        }
        if (block.isEmpty()) {
            txn.delete(Family.FLAGS, key(mailbox, number));
        } else {
            txn.put(Family.FLAGS, key(mailbox, number), block.encode());
            if (block.latest() != latest) {
                txn.put(Family.FLAG_MODSEQS, modSeqKey(mailbox, block.latest(), number), new byte[0]);
            }
        }
        latest = block.isEmpty() ? 0 : block.latest();
        changed = false;
    }

    /// Removes all of a mailbox.
    static void removeAll(Txn txn, MailboxId mailbox) {
        for (var family : new Family[] {Family.FLAGS, Family.FLAG_MODSEQS}) {
            txn.keys(family, Keys.id(mailbox.value()), Integer.MAX_VALUE).forEach(key -> txn.delete(family, key));
        }
    }
}
