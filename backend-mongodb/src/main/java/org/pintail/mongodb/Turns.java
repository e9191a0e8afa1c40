package org.pintail.mongodb;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Threads of this process taking turns at what has the same key; what has other keys seldom waits for them.
final class Turns {
    private static final int LOCKS = 64;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    Turns() {
        Arrays.setAll(locks, _ -> new ReentrantLock());
    }

    <T extends @Nullable Object> T take(Object key, Supplier<T> work) {
        var lock = locks[(key.hashCode() & Integer.MAX_VALUE) % LOCKS];
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
