package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Counters.Added;
import org.pintail.backend.Counters.Count;

/// What every [Counters] promises.
public interface CountersContract extends EngineUnderTest {
    Duration WINDOW = Duration.ofMinutes(10);

    private Counters counters() {
        return store().counters();
    }

    @Test
    default void nothingIsAddedAtTheLimit() {
        assertThat(counters().add("k", 1, 0, WINDOW).allowed()).isFalse();
        assertThat(counters().add("k", 2, 3, WINDOW)).isEqualTo(new Added(true, 2, WINDOW));
        assertThat(counters().add("k", 5, 3, WINDOW)).isEqualTo(new Added(true, 7, WINDOW));
        assertThat(counters().add("k", 1, 7, WINDOW)).isEqualTo(new Added(false, 7, WINDOW));
        assertThat(counters().read("k")).isEqualTo(new Count(7, WINDOW));
        assertThat(counters().read("other")).isEqualTo(new Count(0, Duration.ZERO));
    }

    @Test
    default void aWindowStartsAtItsFirstAdditionAndEndsWhole() {
        counters().add("k", 1, 10, WINDOW);
        clock().advance(Duration.ofMinutes(4));
        assertThat(counters().add("k", 1, 10, WINDOW)).isEqualTo(new Added(true, 2, Duration.ofMinutes(6)));
        clock().advance(Duration.ofMinutes(6));
        assertThat(counters().read("k")).isEqualTo(new Count(0, Duration.ZERO));
        assertThat(counters().add("k", 1, 1, WINDOW)).isEqualTo(new Added(true, 1, WINDOW));
    }

    @Test
    default void aClearedCounterStartsAgain() {
        counters().add("k", 5, 10, WINDOW);
        counters().clear("k");
        counters().clear("never there");
        assertThat(counters().read("k").value()).isZero();
    }

    @Test
    default void additionsFromManyThreadsStopAtTheLimit() throws InterruptedException {
        var allowed = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    if (counters().add("k", 1, 100, WINDOW).allowed()) {
                        allowed.incrementAndGet();
                    }
                }
            }));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(allowed).hasValue(100);
        assertThat(counters().read("k").value()).isEqualTo(100);
    }
}
