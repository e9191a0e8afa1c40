package org.pintail.mail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Events;
import org.pintail.backend.Jobs;
import org.pintail.backend.Jobs.Job;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does the jobs of one queue on this node. A job that throws is tried again later, each time twice as long; one whose node dies comes back
/// when its lease ends. What a job does may therefore happen twice.
public final class JobRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration LAST_JOBS = Duration.ofSeconds(20);
    private final Jobs jobs;
    private final String queue;
    private final Settings settings;
    private final Work work;
    private final Semaphore slots;
    private final Semaphore wakes = new Semaphore(0);
    private volatile boolean closing;
    private @Nullable Thread thread;
    private Events.@Nullable Watch watch;

    /// Does one job. Throwing anything means that it is to be tried again.
    public interface Work {
        void run(Job job);
    }

    /// `atOnce` jobs at a time; `lease`: longest time one may take; `retry`: first wait after a failure.
    public record Settings(int atOnce, Duration lease, Duration retry) {}

    public JobRunner(Jobs jobs, String queue, Settings settings, Work work) {
        this.jobs = jobs;
        this.queue = queue;
        this.settings = settings;
        this.work = work;
        this.slots = new Semaphore(settings.atOnce());
    }

    public void start() {
        watch = jobs.watch(queue, this::wake);
        thread = Thread.ofVirtual().name("jobs-" + queue).start(this::loop);
    }

    private void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    private void loop() {
        while (!closing) {
            try {
                if (!round()) {
                    nap();
                }
            } catch (StoreException e) {
                LOG.warn("jobs not available, tried again queue={} error={}", queue, e.toString());
                nap();
            }
        }
    }

    /// Claims what fits and starts it; false when there was nothing.
    boolean round() {
        slots.acquireUninterruptibly();
        int free = 1 + slots.drainPermits();
        List<Job> claimed = new ArrayList<>();
        try {
            claimed.addAll(jobs.claim(queue, settings.lease(), free));
        } finally {
            slots.release(free - claimed.size());
        }
        for (var job : claimed) {
            Thread.ofVirtual().name("job-" + job.id()).start(() -> {
                try {
                    run(job);
                } finally {
                    slots.release();
                }
            });
        }
        return !claimed.isEmpty();
    }

    private void run(Job job) {
        try {
            var error = attempt(job);
            if (error != null) {
                var outcome = jobs.failed(job, wait(job.attempt()), error);
                LOG.warn("job failed queue={} id={} attempt={} outcome={} error={}", queue, job.id(), job.attempt(), outcome, error);
            } else if (!jobs.done(job)) {
                LOG.warn("job took longer than its lease and may be done twice queue={} id={}", queue, job.id());
            }
        } catch (StoreException e) {
            LOG.warn("job not settled, it comes back queue={} id={} error={}", queue, job.id(), e.toString());
        }
    }

    private @Nullable String attempt(Job job) {
        try {
            work.run(job);
            return null;
        } catch (RuntimeException e) {
            LOG.debug("job failed queue={} id={}", queue, job.id(), e);
            return e.toString();
        }
    }

    private Duration wait(int attempt) {
        var wait = settings.retry().multipliedBy(1L << Math.min(attempt - 1, 20));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private void nap() {
        try {
            if (wakes.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /// Takes no more and waits for what runs.
    @Override
    public void close() {
        closing = true;
        if (watch != null) {
            watch.close();
        }
        wake();
        try {
            if (thread != null) {
                thread.join();
            }
            if (!slots.tryAcquire(settings.atOnce(), LAST_JOBS.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("jobs still running at shutdown, they come back queue={}", queue);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
