package org.pintail.backend;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watchers by key, woken with a value. Waking never blocks and never runs a watcher in the caller's thread: watchers run one after the
/// other on a virtual thread that lives as long as there is something to do. A watcher that is woken again before it ran runs once,
/// with the latest value, so what waits is bounded by the number of watchers.
public final class Wakes<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(Wakes.class);
    private final ConcurrentHashMap<K, Set<Watcher>> watchers = new ConcurrentHashMap<>();
    private final Queue<Watcher> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    public Events.Watch watch(K key, Consumer<V> what) {
        return watch(key, () -> true, what);
    }

    /// Not woken while `listening`, which is asked in the caller's thread, says no.
    public Events.Watch watch(K key, BooleanSupplier listening, Consumer<V> what) {
        var watcher = new Watcher(key, listening, what);
        watchers.compute(key, (k, known) -> {
            Set<Watcher> set = known == null ? ConcurrentHashMap.newKeySet() : known;
            set.add(watcher);
            return set;
        });
        return watcher;
    }

    public void wake(K key, V value) {
        var set = watchers.get(key);
        if (set != null) {
            set.forEach(w -> w.wake(value));
        }
    }

    /// Wakes the watchers of every key that is chosen, with the value for it.
    public void wakeWhere(Predicate<K> chosen, Function<K, V> value) {
        watchers.forEach((key, set) -> {
            if (chosen.test(key)) {
                var what = value.apply(key);
                set.forEach(w -> w.wake(what));
            }
        });
    }

    private void drain() {
        do {
            var next = ready.poll();
            if (next != null) {
                next.run();
            }
        } while (waiting.decrementAndGet() > 0);
    }

    private final class Watcher implements Events.Watch {
        private final K key;
        private final BooleanSupplier listening;
        private final Consumer<V> what;
        private final AtomicReference<V> pending = new AtomicReference<>();
        private volatile boolean closed;

        Watcher(K key, BooleanSupplier listening, Consumer<V> what) {
            this.key = key;
            this.listening = listening;
            this.what = what;
        }

        void wake(V value) {
            if (!listening.getAsBoolean() || pending.getAndSet(value) != null) {
                return;
            }
            ready.add(this);
            if (waiting.getAndIncrement() == 0) {
                Thread.ofVirtual().name("wakes").start(Wakes.this::drain);
            }
        }

        void run() {
            var value = pending.getAndSet(null);
            if (closed || value == null) {
                return;
            }
            try {
                what.accept(value);
            } catch (RuntimeException e) {
                LOG.error("a watcher failed", e);
            }
        }

        @Override
        public void close() {
            closed = true;
            watchers.computeIfPresent(key, (k, set) -> {
                set.remove(this);
                return set.isEmpty() ? null : set;
            });
        }
    }
}
