package org.pintail.mongodb;

import com.mongodb.MongoException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.ServerAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sees to it that no call of the database waits for ever. The driver's read time-out does that too, at the price of a timer for every read:
/// on virtual threads two wakes of the timer thread. Here a call is a note of when it has to be over, and whoever is late is interrupted,
/// which closes its connection. For virtual threads only: a platform thread that waits for a socket hears of no interrupt.
final class Deadlines implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofMillis(500);
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final long longest;
    private volatile boolean closed;

    /// `longest`: time for one call, kept to within [#SWEEP].
    Deadlines(Duration longest) {
        this.longest = longest.toNanos();
        Thread.ofVirtual().name("mongodb-deadlines").start(this::sweep);
    }

    private static final class Call {
        final Thread thread = Thread.currentThread();
        final long until;
        /// Who sets it has the call: the caller because it is over, or the sweep because it is late.
        final AtomicBoolean taken = new AtomicBoolean();
        volatile boolean interrupted;

        Call(long until) {
            this.until = until;
        }
    }

    /// Throws `MongoSocketReadTimeoutException` when it took too long. The interrupt of a caller by anybody else stays what it is.
    <T extends @Nullable Object> T within(Supplier<T> work) {
        var call = new Call(System.nanoTime() + longest);
        calls.add(call);
        try {
            return work.get();
        } catch (MongoException e) {
            if (call.taken.get()) {
                throw new MongoSocketReadTimeoutException("no answer in time", new ServerAddress(), e);
            }
            throw e;
        } finally {
            calls.remove(call);
            if (!call.taken.compareAndSet(false, true)) {
                forget(call);
            }
        }
    }

    /// The interrupt was for this call and not for what comes after it.
    private static void forget(Call call) {
        while (!call.interrupted) {
            Thread.yield();
        }
        Thread.interrupted();
    }

    private void sweep() {
        while (!closed) {
            LockSupport.parkNanos(SWEEP.toNanos());
            long now = System.nanoTime();
            for (var call : calls) {
                if (now - call.until > 0 && call.taken.compareAndSet(false, true)) {
                    call.thread.interrupt();
                    call.interrupted = true;
                }
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
