package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What every [Locks] promises.
@SuppressWarnings("try") // a lease is only held
public interface LocksContract extends EngineUnderTest {
    Duration LEASE = Duration.ofMinutes(5);

    private Locks locks() {
        return store().cluster().locks();
    }

    @Test
    default void whatIsHeldIsNotGivenAgain() {
        try (var lease = locks().acquire("test:a", LEASE).orElseThrow()) {
            assertThat(lease.held()).isTrue();
            assertThat(locks().acquire("test:a", LEASE)).isEmpty();
            assertThat(locks().acquire("test:b", LEASE)).isPresent();
        }
        assertThat(locks().acquire("test:a", LEASE)).isPresent();
    }

    @Test
    default void aLeaseThatEndedIsLostWhateverItsHolderDoes() {
        var slow = locks().acquire("test:a", LEASE).orElseThrow();
        pass(LEASE.plusSeconds(1));
        assertThat(slow.held()).isFalse();
        var next = locks().acquire("test:a", LEASE).orElseThrow();
        assertThat(next.token()).isGreaterThan(slow.token());
        assertThat(slow.extend(LEASE)).isFalse();
        slow.close();
        assertThat(next.held()).isTrue();
        assertThat(next.extend(LEASE)).isTrue();
        assertThat(locks().acquire("test:a", LEASE)).as("closing a lost lease takes nothing from its next holder").isEmpty();
    }

    @Test
    default void anExtendedLeaseBeginsAnew() {
        var lease = locks().acquire("test:a", LEASE).orElseThrow();
        pass(LEASE.minusSeconds(30));
        assertThat(lease.extend(LEASE)).isTrue();
        pass(LEASE.minusSeconds(30));
        assertThat(lease.held()).isTrue();
        assertThat(locks().acquire("test:a", LEASE)).isEmpty();
    }

    @Test
    default void ofManyAtOnceOneGetsIt() throws InterruptedException {
        var got = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 20; t++) {
            threads.add(Thread.ofVirtual().start(() -> locks().acquire("test:a", LEASE).ifPresent(_ -> got.incrementAndGet())));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(got).hasValue(1);
    }

    @Test
    default void tokensAscend() {
        long last = 0;
        for (int i = 0; i < 50; i++) {
            try (var lease = locks().acquire("test:a", LEASE).orElseThrow()) {
                assertThat(lease.token()).isGreaterThan(last);
                last = lease.token();
            }
        }
    }

    /// The fence in the store holds back who was overtaken, even while he believes that he has the lock.
    @Test
    default void anOvertakenHolderDoesNotPassTheFence() {
        var fences = new Fences(store().documents());
        var slow = locks().acquire("test:a", LEASE).orElseThrow();
        assertThat(fences.pass("test:a", slow.token())).isTrue();
        assertThat(fences.pass("test:a", slow.token())).as("as often as he likes").isTrue();
        pass(LEASE.plusSeconds(1));
        var next = locks().acquire("test:a", LEASE).orElseThrow();
        assertThat(fences.pass("test:a", next.token())).isTrue();
        assertThat(fences.pass("test:a", slow.token())).isFalse();
        assertThat(fences.pass("test:other", slow.token())).isTrue();
    }
}
