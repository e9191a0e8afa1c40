package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What every [OneTime] promises.
public interface OneTimeContract extends EngineUnderTest {
    Duration KEPT = Duration.ofMinutes(3);

    private OneTime oneTime() {
        return store().cluster().oneTime();
    }

    @Test
    default void aValueIsPutOnce() {
        assertThat(oneTime().put("totp:a:123456", "first", KEPT)).isTrue();
        assertThat(oneTime().put("totp:a:123456", "second", KEPT)).isFalse();
        assertThat(oneTime().put("totp:b:123456", "other", KEPT)).isTrue();
        var kept = oneTime().find("totp:a:123456").orElseThrow();
        assertThat(kept.value()).isEqualTo("first");
        assertThat(kept.left()).isBetween(KEPT.minusSeconds(20), KEPT);
    }

    @Test
    default void aValueIsForgottenWhenItsTimeIsOver() {
        oneTime().put("a", "x", KEPT);
        pass(KEPT.plusSeconds(1));
        assertThat(oneTime().find("a")).isEmpty();
        assertThat(oneTime().take("a")).isEmpty();
        assertThat(oneTime().put("a", "y", KEPT)).isTrue();
    }

    @Test
    default void aValueIsTakenByAtMostOne() throws InterruptedException {
        oneTime().put("a", "größer", KEPT);
        var got = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 20; t++) {
            threads.add(Thread.ofVirtual().start(() -> oneTime()
                    .take("a")
                    .filter(k -> k.value().equals("größer"))
                    .ifPresent(_ -> got.incrementAndGet())));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(got).hasValue(1);
        assertThat(oneTime().put("a", "again", KEPT)).isTrue();
    }

    @Test
    default void whatWasNeverPutIsNotThere() {
        assertThat(oneTime().find("nothing")).isEmpty();
        assertThat(oneTime().take("nothing")).isEmpty();
    }
}
