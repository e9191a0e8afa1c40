package org.pintail.imap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Clock;
import java.time.Duration;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Store;

/// The mailboxes that somebody looks at on this node, or did a moment ago: a client that comes back finds its mailbox read already. What is
/// kept is bounded; a session keeps the one it has selected, whatever happens here.
final class Snapshots {
    private static final long SHARE_OF_HEAP = 8;
    private static final int BYTES_PER_MESSAGE = 44;
    private static final int BYTES_OF_ITS_OWN = 1000;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private final Store store;
    private final Cache<MailboxId, Snapshot> open;
    private final Envelopes envelopes = new Envelopes();
    private final RecentMarks recentMarks;
    private final Orders orders = new Orders(envelopes);

    /// `recent`: sessions of IMAP4rev1 see `\Recent`.
    Snapshots(Store store, Clock clock, boolean recent) {
        this.store = store;
        this.recentMarks = new RecentMarks(clock, recent);
        this.open = Caffeine.newBuilder()
                .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
                .weigher((MailboxId _, Snapshot snapshot) -> BYTES_OF_ITS_OWN + BYTES_PER_MESSAGE * snapshot.count())
                .expireAfterAccess(KEPT)
                .scheduler(Scheduler.systemScheduler())
                .build();
    }

    Envelopes envelopes() {
        return envelopes;
    }

    RecentMarks recentMarks() {
        return recentMarks;
    }

    Orders orders() {
        return orders;
    }

    Snapshot of(MailboxId id) {
        return open.get(id, _ -> new Snapshot(id, store, () -> weigh(id)));
    }

    private void weigh(MailboxId id) {
        open.asMap().computeIfPresent(id, (_, snapshot) -> snapshot);
    }
}
