package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.StoreException;
import org.pintail.backend.TestClock;

/// Whose time counts.
class DatabaseTimeTest {
    private final TestClock own = new TestClock();
    private final TestClock server = new TestClock();

    private DatabaseTime compared(Supplier<Instant> answers) {
        var time = new DatabaseTime(own, answers);
        time.compare();
        return time;
    }

    @Test
    void aClockThatIsOffFollowsTheDatabase() {
        server.advance(Duration.ofMinutes(5));
        var time = compared(server::instant);
        assertThat(time.instant()).isCloseTo(server.instant(), within(1, ChronoUnit.SECONDS));
        own.advance(Duration.ofSeconds(7));
        assertThat(time.instant()).isCloseTo(server.instant().plusSeconds(7), within(1, ChronoUnit.SECONDS));
        own.advance(Duration.ofMinutes(20));
        server.advance(Duration.ofSeconds(7));
        time.compare();
        assertThat(time.instant()).as("now it is ahead").isCloseTo(server.instant(), within(1, ChronoUnit.SECONDS));
    }

    @Test
    void aLittleDifferenceIsLeftAlone() {
        server.advance(Duration.ofMillis(900));
        assertThat(compared(server::instant).instant()).isEqualTo(own.instant());
    }

    /// Half the way there and back is the most an answer can be off.
    @Test
    void theSoonestAnswerIsBelieved() {
        var slow = new int[] {300, 0, 300};
        var at = new int[1];
        server.advance(Duration.ofMinutes(5));
        var time = compared(() -> {
            var delay = slow[at[0]++];
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return delay == 0 ? server.instant() : server.instant().plusSeconds(99);
        });
        assertThat(Duration.between(server.instant(), time.instant())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void whatWasKnownStaysWhileNobodyAnswers() {
        server.advance(Duration.ofMinutes(5));
        var away = new boolean[1];
        var time = compared(() -> {
            if (away[0]) {
                throw new StoreException.Unavailable("away", new IllegalStateException());
            }
            return server.instant();
        });
        away[0] = true;
        assertThatThrownBy(time::compare).isInstanceOf(StoreException.Unavailable.class);
        assertThat(time.instant()).isCloseTo(server.instant(), within(1, ChronoUnit.SECONDS));
    }

    @Test
    void aStoreTellsTheTimeOfItsServer() {
        var running = TestServer.start();
        var s = running.settings();
        var settings = new MongoSettings(s.url(), s.main(), s.users(), s.files(), s.queue(), s.patience(), s.helping(), true);
        Renderer none = (message, stored) -> {
            throw new IllegalStateException("there are no messages");
        };
        var off = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-5));
        var store = MongoStore.open(settings, new MongoStore.Surroundings(off, none, new LocalCluster(off)));
        try {
            assertThat(Duration.between(store.clock().instant(), Instant.now()).abs()).isLessThan(Duration.ofSeconds(10));
        } finally {
            running.close(store);
        }
    }
}
