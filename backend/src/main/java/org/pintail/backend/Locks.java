package org.pintail.backend;

import java.time.Duration;
import java.util.Optional;

/// Locks among nodes that end by themselves. Their holder may be stopped for longer than its lease without noticing: what must not be
/// done by two is checked with the token where it is done ([Fences]).
public interface Locks {
    /// Empty when another holder has it, or when nobody can tell at this moment: a lock is never given on a guess.
    Optional<Lease> acquire(String name, Duration time);

    /// A lock that is held for some time.
    interface Lease extends AutoCloseable {
        /// Larger than that of every earlier lease of this name.
        long token();

        /// The time is not over yet, counted from before the lock was asked for. Costs nothing.
        boolean held();

        /// Begins the time anew. False, and the lease is lost, when another may have it.
        boolean extend(Duration time);

        /// Gives it back; harmless when it is lost.
        @Override
        void close();
    }
}
