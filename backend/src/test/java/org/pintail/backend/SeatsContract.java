package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What every [Seats] promises.
public interface SeatsContract extends EngineUnderTest {
    private Seats seats() {
        return store().cluster().seats();
    }

    @Test
    default void nobodySitsBeyondTheLimit() {
        assertThat(seats().take("a", 0)).isFalse();
        assertThat(seats().take("a", 2)).isTrue();
        assertThat(seats().take("a", 2)).isTrue();
        assertThat(seats().take("a", 2)).isFalse();
        assertThat(seats().take("b", 2)).isTrue();
        assertThat(seats().taken("a")).isEqualTo(2);
        seats().leave("a");
        assertThat(seats().taken("a")).isEqualTo(1);
        assertThat(seats().take("a", 2)).isTrue();
    }

    @Test
    default void leavingTooOftenMakesNoSeats() {
        seats().leave("a");
        assertThat(seats().take("a", 1)).isTrue();
        seats().leave("a");
        seats().leave("a");
        assertThat(seats().take("a", 1)).isTrue();
        assertThat(seats().take("a", 1)).isFalse();
    }

    @Test
    default void ofManyAtOnceAsManySitAsThereAreSeats() throws InterruptedException {
        var got = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 40; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                if (seats().take("a", 15)) {
                    got.incrementAndGet();
                }
            }));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(got).hasValue(15);
        for (int i = 0; i < 15; i++) {
            seats().leave("a");
        }
        assertThat(seats().taken("a")).isZero();
    }
}
