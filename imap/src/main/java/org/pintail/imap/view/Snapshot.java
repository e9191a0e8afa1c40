package org.pintail.imap.view;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.NewFlags;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// One mailbox as the sessions of this node see it: read once, then moved forward by what the store says has changed.
final class Snapshot {
    private static final int FLAG_COMBINATIONS = 4096;
    private final MailboxId id;
    private final Store store;
    private final Runnable grown;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Columns current;

    /// `grown` runs when it may have become larger.
    Snapshot(MailboxId id, Store store, Runnable grown) {
        this.id = id;
        this.store = store;
        this.grown = grown;
    }

    /// The mailbox as it is now; costs one short look where nothing has happened. Throws [StoreException.Missing] when it is gone.
    Columns now() {
        var known = current;
        return known != null && known.modSeq() >= find().highestModSeq() ? known : read();
    }

    private org.pintail.backend.Mailbox find() {
        return store.mailboxes().find(id).orElseThrow(() -> new StoreException.Missing("mailbox " + id));
    }

    private Columns read() {
        reading.lock();
        try {
            var mailbox = find();
            var known = current;
            if (known != null && known.modSeq() >= mailbox.highestModSeq()) {
                return known; // somebody else has read it meanwhile
            }
            var now = known == null || isCluttered(known)
                    ? Columns.of(store.messages().rows(id), mailbox.highestModSeq(), mailbox.uidNext())
                    : known.with(store.messages().changes(id, known.modSeq()));
            current = now;
            if (known == null || known.count() != now.count()) {
                grown.run();
            }
            return now;
        } finally {
            reading.unlock();
        }
    }

    /// Takes in what a session has just done, without reading, where nothing else happened since `before`. Empty where it is not so.
    Optional<Columns> with(List<NewFlags> step, Columns before) {
        reading.lock();
        try {
            long modSeq = step.getFirst().modSeq();
            // steps have modseqs that follow each other
            if (current != before || before.modSeq() != modSeq - 1 || isCluttered(before)) {
                return Optional.empty();
            }
            var now = before.with(new MailboxChanges(modSeq, before.uidNext(), List.of(), step, List.of()));
            current = now;
            return Optional.of(now);
        } finally {
            reading.unlock();
        }
    }

    /// With flags that no message has any more.
    private static boolean isCluttered(Columns columns) {
        return columns.table().size() > FLAG_COMBINATIONS + columns.count();
    }

    /// Messages in it.
    int count() {
        var known = current;
        return known == null ? 0 : known.count();
    }
}
