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

    /// An engine with a clock of its own is a moment further than the test.
    Duration MOMENT = Duration.ofSeconds(20);

    private Counters counters() {
        return store().counters();
    }

    private static void assertAdded(Added added, boolean allowed, long value, Duration left) {
        assertThat(added.allowed()).isEqualTo(allowed);
        assertThat(added.value()).isEqualTo(value);
        assertThat(added.left()).isBetween(left.minus(MOMENT), left);
    }

    private static void assertCount(Count count, long value, Duration left) {
        assertThat(count.value()).isEqualTo(value);
        assertThat(count.left()).isBetween(left.minus(MOMENT), left);
    }

    @Test
    default void nothingIsAddedAtTheLimit() {
        assertThat(counters().add("k", 1, 0, WINDOW).allowed()).isFalse();
        assertAdded(counters().add("k", 2, 3, WINDOW), true, 2, WINDOW);
        assertAdded(counters().add("k", 5, 3, WINDOW), true, 7, WINDOW);
        assertAdded(counters().add("k", 1, 7, WINDOW), false, 7, WINDOW);
        assertCount(counters().read("k"), 7, WINDOW);
        assertCount(counters().read("other"), 0, Duration.ZERO);
    }

    @Test
    default void aWindowStartsAtItsFirstAdditionAndEndsWhole() {
        counters().add("k", 1, 10, WINDOW);
        pass(Duration.ofMinutes(4));
        assertAdded(counters().add("k", 1, 10, WINDOW), true, 2, Duration.ofMinutes(6));
        pass(Duration.ofMinutes(6));
        assertCount(counters().read("k"), 0, Duration.ZERO);
        assertAdded(counters().add("k", 1, 1, WINDOW), true, 1, WINDOW);
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
