package org.pintail.backend;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [Signals] inside one process. Every watcher has its words waiting for it, and one virtual thread while there are some; beyond
/// `MOST` words it hears [Signals#ANYTHING] instead.
public final class LocalSignals implements Signals {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSignals.class);
    private static final int MOST = 1000;
    private final ConcurrentHashMap<String, Set<Watcher>> watchers = new ConcurrentHashMap<>();

    @Override
    public Events.Watch watch(String topic, Consumer<String> what) {
        var watcher = new Watcher(topic, what);
        watchers.compute(topic, (_, known) -> {
            Set<Watcher> set = known == null ? ConcurrentHashMap.newKeySet() : known;
            set.add(watcher);
            return set;
        });
        return watcher;
    }

    @Override
    public void send(String topic, String word) {
        watchers.getOrDefault(topic, Set.of()).forEach(w -> w.hear(word));
    }

    /// Everybody hears [Signals#ANYTHING].
    public void sendAnything() {
        watchers.keySet().forEach(topic -> send(topic, ANYTHING));
    }

    private final class Watcher implements Events.Watch {
        private final String topic;
        private final Consumer<String> what;
        private final Set<String> words = new LinkedHashSet<>();
        private boolean running;
        private volatile boolean closed;

        Watcher(String topic, Consumer<String> what) {
            this.topic = topic;
            this.what = what;
        }

        void hear(String word) {
            synchronized (words) {
                if (words.size() >= MOST) {
                    words.clear();
                    words.add(ANYTHING);
                } else {
                    words.add(word);
                }
                if (running) {
                    return;
                }
                running = true;
            }
            Thread.ofVirtual().name("signals").start(this::drain);
        }

        private void drain() {
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                for (var word : batch) {
                    tell(word);
                }
            }
        }

        private List<String> next() {
            synchronized (words) {
                var batch = new ArrayList<>(words);
                words.clear();
                running = !batch.isEmpty();
                return batch;
            }
        }

        private void tell(String word) {
            if (closed) {
                return;
            }
            try {
                what.accept(word);
            } catch (RuntimeException e) {
                LOG.error("a watcher of signals failed topic={}", topic, e);
            }
        }

        @Override
        public void close() {
            closed = true;
            watchers.computeIfPresent(topic, (_, set) -> {
                set.remove(this);
                return set.isEmpty() ? null : set;
            });
        }
    }
}
