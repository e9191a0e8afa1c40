package org.pintail.imap.order;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import org.pintail.backend.MailboxId;
import org.pintail.imap.envelope.Envelopes;

/// The orders and threads of mailboxes that were sorted or threaded a moment ago. What is kept is bounded.
public final class Orders {
    private static final long SHARE_OF_HEAP = 16;
    private static final int BYTES_OF_ITS_OWN = 500;
    private static final Duration KEPT = Duration.ofMinutes(15);
    private final Envelopes envelopes;
    private final Cache<MailboxId, MailboxOrders> kept = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher((MailboxId _, MailboxOrders orders) -> (int) Math.min(Integer.MAX_VALUE, BYTES_OF_ITS_OWN + orders.weight()))
            .expireAfterAccess(KEPT)
            .scheduler(Scheduler.systemScheduler())
            .build();

    public Orders(Envelopes envelopes) {
        this.envelopes = envelopes;
    }

    /// Those of a mailbox, without any at first.
    public MailboxOrders of(MailboxId id) {
        return kept.get(id, _ -> new MailboxOrders(id, envelopes, () -> weigh(id)));
    }

    private void weigh(MailboxId id) {
        kept.asMap().computeIfPresent(id, (_, orders) -> orders);
    }
}
