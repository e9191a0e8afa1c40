package org.pintail.rocksdb;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.pintail.backend.StoreException;

/// A few platform threads for long scans: a native call holds its thread, and virtual threads share very few.
final class Reads implements AutoCloseable {
    private static final int THREADS = 4;
    private final ExecutorService pool =
            Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().name("store-read-", 0).factory());

    <T> T run(Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) {
            return work.get();
        }
        try {
            return pool.submit(work::get).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw known;
            }
            throw new StoreException.Unavailable("a read failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable("interrupted while reading", e);
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
