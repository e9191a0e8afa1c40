package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Chore;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;

/// Two nodes here are two runners over the same locks and documents.
class ChoresTest {
    private static final Duration EVERY = Duration.ofMinutes(10);
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock, new LocalCluster(clock));
    private final Chores one = new Chores(store, List.of());
    private final Chores two = new Chores(store, List.of());

    @Test
    void aChoreThatFailsIsTriedAgainByAnyNode() {
        var runs = new AtomicInteger();
        var failing = new Chore("test", EVERY, _ -> {
            if (runs.incrementAndGet() == 1) {
                throw new StoreException.Unavailable("on purpose");
            }
        });
        assertThat(one.attempt(failing)).isFalse();
        assertThat(two.attempt(failing)).isTrue();
    }

    @Test
    void aChoreRunsOnceInItsTimeOnWhicheverNode() {
        var runs = new AtomicInteger();
        var chore = new Chore("test", EVERY, _ -> runs.incrementAndGet());
        for (int i = 0; i < 10; i++) {
            one.attempt(chore);
            two.attempt(chore);
        }
        assertThat(runs).hasValue(1);
        clock.advance(EVERY);
        assertThat(two.attempt(chore)).isTrue();
        assertThat(one.attempt(chore)).isFalse();
        assertThat(runs).hasValue(2);
    }

    /// A node is stopped in the middle; another takes over; the first wakes up and does no further step.
    @Test
    void anOvertakenNodeDoesNotGoOn() {
        var steps = new ConcurrentLinkedQueue<String>();
        var slow = new Chore("test", EVERY, turn -> {
            steps.add("one");
            clock.advance(EVERY.plusSeconds(1));
            assertThat(two.attempt(new Chore("test", EVERY, _ -> steps.add("two")))).isTrue();
            if (turn.mine()) {
                steps.add("one again");
            }
        });
        one.attempt(slow);
        assertThat(steps).containsExactly("one", "two");
        assertThat(one.attempt(slow)).as("the lock is the other's").isFalse();
    }

    @Test
    void closingEndsAChoreAtItsNextStepAndLeavesItToOthers() throws InterruptedException {
        var started = new CountDownLatch(1);
        var steps = new AtomicInteger();
        var live = new MemoryStore(Clock.systemUTC());
        var chore = new Chore("test", EVERY, turn -> {
            while (turn.mine()) {
                steps.incrementAndGet();
                started.countDown();
            }
        });
        var node = new Chores(live, List.of(chore));
        node.start();
        started.await();
        node.close();
        int done = steps.get();
        assertThat(new Chores(live, List.of()).attempt(new Chore("test", EVERY, _ -> steps.set(-1)))).isTrue();
        assertThat(done).isPositive();
        assertThat(steps).hasValue(-1);
    }
}
