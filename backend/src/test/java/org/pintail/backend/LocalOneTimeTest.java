package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalOneTimeTest {
    private final TestClock clock = new TestClock();
    private final LocalOneTime values = new LocalOneTime(clock, 3);

    @Test
    void whenFullNothingIsForgottenEarlyToMakeRoom() {
        for (int i = 0; i < 3; i++) {
            values.put("k" + i, "v", Duration.ofMinutes(1));
        }
        assertThatThrownBy(() -> values.put("one more", "v", Duration.ofMinutes(1))).isInstanceOf(StoreException.Unavailable.class);
        assertThat(values.find("k0")).isPresent();
        clock.advance(Duration.ofMinutes(2));
        assertThat(values.put("one more", "v", Duration.ofMinutes(1))).isTrue();
    }
}
