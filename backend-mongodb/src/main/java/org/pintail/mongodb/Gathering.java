package org.pintail.mongodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Things to do that wait a moment for others like them, to be done in one go. Whoever needs to see them done has that done first.
/// What fails because the database is away is tried again until it succeeds.
final class Gathering<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);

    /// How long things gather: little beside what a client needs to hear of new mail, long beside what a command takes.
    static final Duration MOMENT = Duration.ofMillis(25);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int AT_ONCE = 500;

    /// So many may wait: who adds more does some of the work first, so that it never falls far behind.
    static final int CROWD = 200;

    private final String name;
    private final Function<T, List<ObjectId>> about;
    private final Consumer<List<T>> work;
    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final Map<ObjectId, Integer> waiting = new ConcurrentHashMap<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService executor;

    /// `about`: by what [#finish] is asked for a thing. `work` does at most [#AT_ONCE] of them, by one thread at a time; when it throws it gets
    /// the same again, with others.
    Gathering(String name, Function<T, List<ObjectId>> about, Consumer<List<T>> work) {
        this.name = name;
        this.about = about;
        this.work = work;
        this.executor = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name(name).factory());
    }

    /// Blocks only where there is a [#CROWD].
    void add(T thing) {
        about.apply(thing).forEach(id -> waiting.merge(id, 1, Integer::sum));
        queue.add(thing);
        if (queued.incrementAndGet() > CROWD) {
            logged(this::disperse);
        } else {
            schedule(MOMENT);
        }
    }

    private void disperse() {
        turn.lock();
        try {
            if (queued.get() > CROWD) {
                run(next());
            }
        } finally {
            turn.unlock();
        }
        schedule(MOMENT);
    }

    /// Does what waits, if anything of it is about `id`. Throws [StoreException] when that cannot be done now.
    void finish(ObjectId id) {
        if (waiting.containsKey(id)) {
            run();
        }
    }

    /// Does all that waits.
    void finish() {
        if (!waiting.isEmpty()) {
            run();
        }
    }

    private void schedule(Duration after) {
        if (scheduled.compareAndSet(false, true)) {
            try {
                executor.schedule(this::runLogged, after.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                scheduled.set(false); // the last run, of [#close], has it
            }
        }
    }

    private void runLogged() {
        scheduled.set(false);
        logged(this::run);
    }

    private void logged(Runnable some) {
        try {
            some.run();
        } catch (StoreException e) {
            LOG.warn("work waits what={} error={}", name, e.getMessage());
            schedule(PAUSE);
        } catch (RuntimeException e) {
            LOG.error("work waits what={}", name, e);
            schedule(PAUSE);
        }
    }

    private void run() {
        turn.lock();
        try {
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                run(batch);
            }
        } finally {
            turn.unlock();
        }
    }

    private List<T> next() {
        var batch = new ArrayList<T>();
        while (batch.size() < AT_ONCE) {
            var thing = queue.poll();
            if (thing == null) {
                break;
            }
            batch.add(thing);
        }
        queued.addAndGet(-batch.size());
        return batch;
    }

    private void run(List<T> batch) {
        boolean done = false;
        try {
            work.accept(batch);
            done = true;
        } finally {
            if (done) {
                batch.forEach(thing -> about.apply(thing).forEach(this::lower));
            } else {
                queue.addAll(batch);
                queued.addAndGet(batch.size());
            }
        }
    }

    private void lower(ObjectId id) {
        waiting.computeIfPresent(id, (_, n) -> n == 1 ? null : n - 1);
    }

    /// Does what waits, if the database is there.
    @Override
    public void close() {
        executor.shutdown();
        runLogged();
        executor.shutdownNow();
    }
}
