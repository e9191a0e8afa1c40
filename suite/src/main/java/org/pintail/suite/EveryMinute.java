package org.pintail.suite;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Small work that comes back every minute, and once more at the end.
final class EveryMinute implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EveryMinute.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private final List<Runnable> works;
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;

    EveryMinute(List<Runnable> works) {
        this.works = List.copyOf(works);
        this.thread = Thread.ofVirtual().name("every-minute").start(this::loop);
    }

    private void loop() {
        try {
            while (!closing.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        run();
    }

    private void run() {
        for (var work : works) {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("work of every minute failed, tried again in the next", e);
            }
        }
    }

    @Override
    public void close() {
        closing.release();
        try {
            thread.join(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
