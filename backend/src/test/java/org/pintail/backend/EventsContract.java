package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What every [Events] promises.
@SuppressWarnings("try") // a watch is only held open
public interface EventsContract extends EngineUnderTest {
    int PATIENCE_SECONDS = 10;

    private static void await(Semaphore wakes) throws InterruptedException {
        assertThat(wakes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("woken in time").isTrue();
    }

    @Test
    default void aWatcherHearsOfEveryKindOfChange() throws InterruptedException {
        var inbox = Samples.inbox(store());
        var wakes = new Semaphore(0);
        try (var watch = store().events().watch(inbox.account(), wakes::release)) {
            store().messages().append(List.of(Samples.message(inbox, "abc")));
            await(wakes);
            store().messages().changeFlags(inbox.id(), uid -> true, f -> Flags.of("k"), Long.MAX_VALUE, null);
            await(wakes);
            Samples.mailbox(store(), inbox.account(), "other");
            await(wakes);
            store().messages().expunge(inbox.id(), List.of(1L), null);
            await(wakes);
            store().events().publish(inbox.account());
            await(wakes);
        }
    }

    @Test
    default void aWatcherThatIsWokenSeesTheChange() throws InterruptedException {
        var inbox = Samples.inbox(store());
        var seen = new ArrayBlockingQueue<Integer>(10);
        try (var watch = store().events().watch(inbox.account(), () -> seen.offer(1))) {
            store().messages().append(List.of(Samples.message(inbox, "abc")));
            assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(store().messages().changes(inbox.id(), 1).changed()).hasSize(1);
        }
    }

    @Test
    default void aWatcherThatDoesNotListenIsLeftInPeaceUntilItDoes() throws InterruptedException {
        var account = AccountId.next();
        var listening = new AtomicBoolean();
        var deaf = new AtomicInteger();
        var wakes = new Semaphore(0);
        var others = new Semaphore(0);
        try (var other = store().events().watch(account, others::release);
                var watch = store().events().watch(account, listening::get, () -> {
                    deaf.addAndGet(listening.get() ? 0 : 1);
                    wakes.release();
                })) {
            for (int i = 0; i < 2; i++) { // who was woken by the first has run when somebody hears of the second
                store().events().publish(account);
                await(others);
            }
            assertThat(deaf).hasValue(0);
            listening.set(true);
            store().events().publish(account);
            await(wakes);
            assertThat(deaf).hasValue(0);
        }
    }

    @Test
    default void aClosedWatcherAndOthersAreLeftInPeace() throws InterruptedException {
        var account = AccountId.next();
        var closed = new AtomicInteger();
        var others = new AtomicInteger();
        var wakes = new Semaphore(0);
        var first = store().events().watch(account, closed::incrementAndGet);
        first.close();
        first.close();
        try (var other = store().events().watch(AccountId.next(), others::incrementAndGet);
                var open = store().events().watch(account, wakes::release)) {
            store().events().publish(account);
            await(wakes);
            assertThat(closed).hasValue(0);
            assertThat(others.get() == 0 || looksByItself()).as("others are left in peace").isTrue();
        }
    }

    @Test
    default void aWatcherThatFailsDoesNotSilenceTheOthers() throws InterruptedException {
        var account = AccountId.next();
        var wakes = new Semaphore(0);
        Runnable failing = () -> {
            throw new IllegalStateException("a watcher that fails, on purpose");
        };
        try (var bad = store().events().watch(account, failing);
                var good = store().events().watch(account, wakes::release)) {
            store().events().publish(account);
            await(wakes);
            store().events().publish(account);
            await(wakes);
        }
    }

    /// While one run lasts, any number of changes make one more.
    @Test
    default void changesDuringARunShareTheNext() throws InterruptedException {
        var account = AccountId.next();
        var started = new Semaphore(0);
        var goOn = new CountDownLatch(1);
        var runs = new AtomicInteger();
        Runnable slow = () -> {
            runs.incrementAndGet();
            started.release();
            try {
                assertThat(goOn.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        try (var watch = store().events().watch(account, slow)) {
            store().events().publish(account);
            await(started);
            for (int i = 0; i < 1000; i++) {
                store().events().publish(account);
            }
            goOn.countDown();
            await(started);
            assertThat(runs.get() == 2 || looksByItself()).as("one more run for all of them").isTrue();
            assertThat(runs.get()).isLessThan(10);
        }
    }

    @Test
    default void aLogoutReachesEverySessionWithItsReason() throws InterruptedException {
        var account = AccountId.next();
        var reasons = new ArrayBlockingQueue<String>(10);
        try (var one = store().events().watchLogout(account, reasons::offer);
                var two = store().events().watchLogout(account, reasons::offer)) {
            store().events().logout(AccountId.next(), "not you");
            store().events().logout(account, "password changed");
            assertThat(reasons.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("password changed");
            assertThat(reasons.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("password changed");
        }
    }
}
