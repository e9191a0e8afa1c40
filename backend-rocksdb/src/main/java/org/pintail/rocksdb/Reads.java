package org.pintail.rocksdb;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few platform threads for long scans: a native call holds its thread, and virtual threads share very few.
final class Reads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);
    private static final int THREADS = 4;
    private final ExecutorService pool =
            Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().name("store-read-", 0).factory());

    <T> T run(Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) {
            return work.get();
        }
        try {
            return pool.submit(work::get).get();
        } catch (RejectedExecutionException e) {
            throw new StoreException.Unavailable("the store is closed", e);
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
        try {
            // the index must not be closed under a scan
            if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("scans still run while the store closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
