package org.pintail.mail;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// Whether this node can take and deliver mail at this moment. Anybody may ask: the store is tried at most once a second.
public final class Health {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private final Store store;
    private final Clock clock;
    private final ReentrantLock trying = new ReentrantLock();
    private volatile @Nullable Tried last;
    private volatile boolean leaving;

    private record Tried(Instant at, String problem) {}

    Health(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// What keeps the node from delivering; "" when nothing does. Redis being away does not: mail flows without it.
    public String problem() {
        return leaving ? "This node is going down" : storeProblem();
    }

    /// "" when the store acknowledges writes.
    public String storeProblem() {
        var known = last;
        if (known != null && clock.instant().isBefore(known.at().plus(FRESH))) {
            return known.problem();
        }
        if (known != null && !trying.tryLock()) {
            return known.problem(); // somebody is at it
        } else if (known == null) {
            trying.lock();
        }
        try {
            var now = new Tried(clock.instant(), tryStore());
            last = now;
            return now.problem();
        } finally {
            trying.unlock();
        }
    }

    private String tryStore() {
        try {
            store.checkWritable();
            return "";
        } catch (StoreException e) {
            return "Could not write to DB";
        }
    }

    /// The nodes hear each other.
    public boolean clusterConnected() {
        return store.cluster().connected();
    }

    /// From now on the node is not ready: no new work is to be sent here.
    public void leave() {
        leaving = true;
    }
}
