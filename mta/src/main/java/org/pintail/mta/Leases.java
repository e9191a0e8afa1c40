package org.pintail.mta;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins the leases of what is being delivered anew, again and again. A delivery may take as long as the other server does.
final class Leases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private final Queue queue;
    private final Clock clock;
    private final Set<Lease> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    Leases(Queue queue, Clock clock) {
        this.queue = queue;
        this.clock = clock;
        Thread.ofVirtual().name("leases").start(this::loop);
    }

    /// To be given to [#end] when the rows are done with.
    Lease begin(List<QueueRow> rows) {
        var lease = new Lease(queue, clock, rows);
        running.add(lease);
        return lease;
    }

    void end(Lease lease) {
        running.remove(lease);
    }

    private void loop() {
        try {
            while (!closing.await(Lease.LENGTH.toMillis() / 3, TimeUnit.MILLISECONDS)) {
                running.forEach(Leases::extend);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that; deliveries still ask before they hand over
        }
    }

    private static void extend(Lease lease) {
        try {
            lease.extend();
        } catch (StoreException e) {
            LOG.warn("lease not extended, tried again error={}", e.toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
