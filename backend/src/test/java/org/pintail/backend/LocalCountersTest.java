package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalCountersTest {
    private final TestClock clock = new TestClock();
    private final LocalCounters counters = new LocalCounters(clock, 16);

    @Test
    void whenFullTheWindowsThatEndSoonestGo() {
        counters.add("long", 1, 10, Duration.ofHours(1));
        for (int i = 0; i < 1000; i++) {
            counters.add("short" + i, 1, 10, Duration.ofMinutes(1));
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(counters.read("long").value()).isEqualTo(1);
        assertThat(counters.read("short0").value()).isZero();
        assertThat(counters.read("short999").value()).isEqualTo(1);
    }

    @Test
    void endedWindowsMakeRoomFirst() {
        for (int i = 0; i < 15; i++) {
            counters.add("ended" + i, 1, 10, Duration.ofSeconds(1));
        }
        counters.add("running", 1, 10, Duration.ofMinutes(1));
        clock.advance(Duration.ofSeconds(2));
        counters.add("new", 1, 10, Duration.ofHours(1));
        assertThat(counters.read("running").value()).isEqualTo(1);
        assertThat(counters.read("new").value()).isEqualTo(1);
    }

    @Test
    void aSumStaysAtTheLargestNumber() {
        counters.add("k", Long.MAX_VALUE - 1, Long.MAX_VALUE, Duration.ofHours(1));
        assertThat(counters.add("k", 5, Long.MAX_VALUE, Duration.ofHours(1)).value()).isEqualTo(Long.MAX_VALUE);
        assertThat(counters.add("k", 5, Long.MAX_VALUE, Duration.ofHours(1)).allowed()).isFalse();
    }
}
