package org.pintail.imap.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// RFC 9585.
class ProgressTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final Hand hand = new Hand();

    /// A clock that is moved by hand.
    private static final class Hand extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private Progress progress(long goal) {
        return progress("a1", goal);
    }

    private Progress progress(String tag, long goal) {
        var progress = new Progress(hand, new Responses(told), tag);
        progress.expect(goal);
        return progress;
    }

    private static void steps(Progress progress, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            progress.step();
        }
    }

    private String told() {
        return told.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void nothingIsToldOfWhatIsQuick() throws IOException {
        steps(progress(100_000), 100_000);
        assertThat(told()).isEmpty();
    }

    @Test
    void howFarItIsIsToldNowAndThen() throws IOException {
        var progress = progress(1000);
        steps(progress, 300);
        hand.now = hand.now.plus(Progress.INTERVAL);
        steps(progress, 100);
        assertThat(told()).isEqualTo("* OK [INPROGRESS (\"a1\" 320 1000)] Still working\r\n");
        told.reset();
        hand.now = hand.now.plus(Duration.ofSeconds(1));
        steps(progress, 200);
        assertThat(told()).isEmpty();
        hand.now = hand.now.plus(Progress.INTERVAL);
        progress.expect(5000);
        steps(progress, 100);
        assertThat(told()).isEqualTo("* OK [INPROGRESS (\"a1\" 640 6000)] Still working\r\n");
    }

    @Test
    void aGoalIsAlwaysBeyondWhatIsDone() throws IOException {
        var progress = progress(64);
        hand.now = hand.now.plus(Progress.INTERVAL);
        steps(progress, 64);
        assertThat(told()).isEqualTo("* OK [INPROGRESS (\"a1\" 64 NIL)] Still working\r\n");
    }

    @Test
    void aTagThatWouldEndTheCodeIsLeftOut() throws IOException {
        var progress = progress("a]1", 1000);
        hand.now = hand.now.plus(Progress.INTERVAL);
        steps(progress, 64);
        assertThat(told()).isEqualTo("* OK [INPROGRESS (NIL 64 1000)] Still working\r\n");
    }
}
