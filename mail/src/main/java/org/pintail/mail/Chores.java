package org.pintail.mail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.pintail.backend.Chore;
import org.pintail.backend.Fences;
import org.pintail.backend.Locks;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs each [Chore] on one node at a time. Whose turn it is has the lock of the chore and keeps it, when done, until the chore is due again:
/// so it runs once in that time, whichever node it is. A node that stopped in the middle and wakes up after its time does not pass the fence.
public final class Chores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final Duration LONGEST_NAP = Duration.ofSeconds(30);
    private static final Duration LAST_STEP = Duration.ofSeconds(20);
    private final Locks locks;
    private final Fences fences;
    private final List<Chore> chores;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    public Chores(Store store, List<Chore> chores) {
        this.locks = store.cluster().locks();
        this.fences = new Fences(store.documents());
        this.chores = List.copyOf(chores);
    }

    public void start() {
        for (var chore : chores) {
            threads.add(Thread.ofVirtual().name("chore-" + chore.name()).start(() -> repeat(chore)));
        }
    }

    private boolean closing() {
        return ended.getCount() == 0;
    }

    private void repeat(Chore chore) {
        var nap = chore.every().compareTo(LONGEST_NAP) < 0 ? chore.every() : LONGEST_NAP;
        while (!closing()) {
            attempt(chore);
            try {
                if (ended.await(Math.max(1, nap.toMillis()), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Runs it if it is due and no other node does. True when it ran to its end.
    boolean attempt(Chore chore) {
        var name = "pintail:chore-" + chore.name();
        var lease = locks.acquire(name, chore.every()).orElse(null);
        if (lease == null) {
            return false;
        }
        var turn = new Turn(chore, name, lease);
        try {
            if (turn.mine()) {
                chore.work().run(turn);
            }
            if (!closing()) {
                return true; // the lock stays until the chore is due again
            }
        } catch (StoreException e) {
            LOG.warn("chore broken off, tried again chore={} error={}", chore.name(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("chore failed, tried again chore={}", chore.name(), e);
        }
        lease.close();
        return false;
    }

    private final class Turn implements Chore.Turn {
        private final Chore chore;
        private final String name;
        private final Locks.Lease lease;
        private long extended = System.nanoTime();

        Turn(Chore chore, String name, Locks.Lease lease) {
            this.chore = chore;
            this.name = name;
            this.lease = lease;
        }

        @Override
        public boolean mine() {
            if (System.nanoTime() - extended > chore.every().toNanos() / 4 && lease.extend(chore.every())) {
                extended = System.nanoTime();
            }
            return !closing() && lease.held() && fences.pass(name, lease.token());
        }
    }

    /// Chores end at their next step, and another node takes them up.
    @Override
    public void close() {
        ended.countDown();
        long until = System.nanoTime() + LAST_STEP.toNanos();
        for (var thread : threads) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
