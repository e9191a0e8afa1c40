package org.pintail.imap.view;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Clock;
import java.time.Duration;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Store;

/// The mailboxes that somebody looks at on this node, or did a moment ago: a client that comes back finds its mailbox read already. What is
/// kept is bounded; a session keeps the one it has selected, whatever happens here.
public final class Snapshots {
    private static final long SHARE_OF_HEAP = 8;
    private static final int BYTES_PER_MESSAGE = 44;
    private static final int BYTES_OF_ITS_OWN = 1000;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private final Store store;
    private final Cache<MailboxId, Snapshot> open;
    private final RecentMarks recentMarks;

    /// `recent`: sessions of IMAP4rev1 see `\Recent`.
    public Snapshots(Store store, Clock clock, boolean recent) {
        this.store = store;
        this.recentMarks = new RecentMarks(clock, recent);
        this.open = Caffeine.newBuilder()
                .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
                .weigher((MailboxId _, Snapshot snapshot) -> BYTES_OF_ITS_OWN + BYTES_PER_MESSAGE * snapshot.count())
                .expireAfterAccess(KEPT)
                .scheduler(Scheduler.systemScheduler())
                .build();
    }

    RecentMarks recentMarks() {
        return recentMarks;
    }

    /// How many messages of a mailbox are `\Recent` for whoever selects it next.
    public long countRecent(Mailbox mailbox) {
        return recentMarks.count(mailbox, store.messages(), this);
    }

    /// A mailbox as it is now. Throws [org.pintail.backend.StoreException.Missing] when it is gone.
    public Columns now(MailboxId id) {
        return of(id).now();
    }

    Snapshot of(MailboxId id) {
        return open.get(id, _ -> new Snapshot(id, store, () -> weigh(id)));
    }

    private void weigh(MailboxId id) {
        open.asMap().computeIfPresent(id, (_, snapshot) -> snapshot);
    }
}
