package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What every [Signals] promises.
@SuppressWarnings("try") // a watch is only held open
public interface SignalsContract extends EngineUnderTest {
    private Signals signals() {
        return store().cluster().signals();
    }

    private static String nextOrAnything(LinkedBlockingQueue<String> heard) throws InterruptedException {
        return heard.poll(EventsContract.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// [Signals#ANYTHING] may be heard at any time.
    private static String next(LinkedBlockingQueue<String> heard) throws InterruptedException {
        var word = nextOrAnything(heard);
        while (word != null && word.equals(Signals.ANYTHING)) {
            word = nextOrAnything(heard);
        }
        return word;
    }

    @Test
    default void aWordReachesTheWatchersOfItsTopic() throws InterruptedException {
        var heard = new LinkedBlockingQueue<String>();
        var others = new LinkedBlockingQueue<String>();
        try (var one = signals().watch("topic", heard::add);
                var two = signals().watch("topic", heard::add);
                var other = signals().watch("other", others::add)) {
            signals().send("topic", "ein Wort: größer");
            assertThat(next(heard)).isEqualTo("ein Wort: größer");
            assertThat(next(heard)).isEqualTo("ein Wort: größer");
            signals().send("other", "done");
            assertThat(next(others)).isEqualTo("done");
        }
    }

    @Test
    default void differentWordsAreAllHeardOrAnythingIs() throws InterruptedException {
        var heard = new LinkedBlockingQueue<String>();
        var goOn = new CountDownLatch(1);
        try (var watch = signals().watch("topic", word -> {
            heard.add(word);
            awaitQuietly(goOn);
        })) {
            for (int i = 0; i < 5000; i++) {
                signals().send("topic", "w" + i);
            }
            goOn.countDown();
            var words = new java.util.HashSet<String>();
            while (words.size() < 5000 && !words.contains(Signals.ANYTHING)) {
                var word = nextOrAnything(heard);
                assertThat(word).as("after " + words.size() + " words").isNotNull();
                words.add(word);
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    default void aClosedWatcherHearsNothingAndAFailingOneDisturbsNobody() throws InterruptedException {
        var closed = new LinkedBlockingQueue<String>();
        var heard = new LinkedBlockingQueue<String>();
        var first = signals().watch("topic", closed::add);
        first.close();
        first.close();
        try (var bad = signals().watch("topic", _ -> {
                    throw new IllegalStateException("a watcher that fails, on purpose");
                });
                var good = signals().watch("topic", heard::add)) {
            signals().send("topic", "a");
            assertThat(next(heard)).isEqualTo("a");
            signals().send("topic", "b");
            assertThat(next(heard)).isEqualTo("b");
            assertThat(closed).allMatch(Signals.ANYTHING::equals);
        }
    }
}
