package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

class GatheringTest {
    private static final ObjectId ABOUT = ObjectId.next();
    private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatComesTogetherIsDoneTogether() {
        var batches = new AtomicInteger();
        try (var gathering = new Gathering<Integer>("test", _ -> List.of(ABOUT), batch -> {
            batches.incrementAndGet();
            done.addAll(batch);
        })) {
            IntStream.range(0, 50).forEach(gathering::add);
            gathering.finish(ABOUT);
            assertThat(done).isEqualTo(IntStream.range(0, 50).boxed().toList());
        }
        assertThat(batches.get()).isLessThan(50);
    }

    /// Whoever adds waits while too much waits: here for work that takes its time.
    @Test
    void whoAddsToACrowdDoesTheWorkFirst() throws InterruptedException {
        var added = new AtomicInteger();
        var most = new AtomicInteger();
        var mayGoOn = new CountDownLatch(1);
        try (var gathering = new Gathering<Integer>("test", _ -> List.of(ABOUT), batch -> {
            await(mayGoOn);
            most.accumulateAndGet(added.get() - done.size(), Math::max);
            done.addAll(batch);
        })) {
            var adding = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 5 * Gathering.CROWD; i++) {
                    gathering.add(i);
                    added.incrementAndGet();
                }
            });
            assertThat(adding.join(java.time.Duration.ofMillis(200))).as("it waits").isFalse();
            mayGoOn.countDown();
            adding.join();
            gathering.finish(ABOUT);
        }
        assertThat(done).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 5 * Gathering.CROWD).boxed().toList());
        assertThat(most.get()).as("at once").isLessThanOrEqualTo(2 * Gathering.CROWD + 1);
    }

    @Test
    void whatFailsIsTriedAgain() {
        var away = new AtomicBoolean(true);
        try (var gathering = new Gathering<Integer>("test", _ -> List.of(ABOUT), batch -> {
            if (away.get()) {
                throw new StoreException.Unavailable("away, on purpose");
            }
            done.addAll(batch);
        })) {
            gathering.add(1);
            assertThatThrownBy(() -> gathering.finish(ABOUT)).isInstanceOf(StoreException.Unavailable.class);
            away.set(false);
            gathering.finish(ABOUT);
        }
        assertThat(done).containsExactly(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
