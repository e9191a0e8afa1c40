package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Jobs.Job;
import org.pintail.backend.Jobs.NewJob;
import org.pintail.backend.Jobs.Outcome;

/// What every [Jobs] promises.
@SuppressWarnings("try") // a watch is only held open
public interface JobsContract extends EngineUnderTest {
    Duration LEASE = Duration.ofMinutes(5);

    private Jobs jobs() {
        return store().jobs();
    }

    private String add(String body, int attempts, Duration delay) {
        return jobs().add(new NewJob("q", body, attempts, delay));
    }

    private List<Job> claim(int most) {
        return jobs().claim("q", LEASE, most);
    }

    private static List<String> bodies(List<Job> jobs) {
        return jobs.stream().map(Job::body).toList();
    }

    @Test
    default void aLostLeaseBringsTheJobBackAndItsOldHolderCannotEndIt() {
        var id = add("work", 3, Duration.ZERO);
        var first = claim(10).getFirst();
        assertThat(first.id()).isEqualTo(id);
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(claim(10)).isEmpty();
        pass(LEASE.plusSeconds(1));
        var second = claim(10).getFirst();
        assertThat(second.id()).isEqualTo(id);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(jobs().done(first)).isFalse();
        assertThat(jobs().extend(first, LEASE)).isFalse();
        assertThat(jobs().failed(first, Duration.ZERO, "late")).isEqualTo(Outcome.LOST);
        assertThat(jobs().done(second)).isTrue();
        assertThat(jobs().done(second)).isFalse();
        assertThat(jobs().waiting("q")).isZero();
        assertThat(jobs().dead("q", 10)).isEmpty();
    }

    @Test
    default void anExtendedLeaseLastsOn() {
        add("work", 3, Duration.ZERO);
        var job = claim(1).getFirst();
        pass(LEASE.minusMinutes(1));
        assertThat(jobs().extend(job, LEASE)).isTrue();
        pass(LEASE.minusMinutes(1));
        assertThat(claim(1)).isEmpty();
        assertThat(jobs().done(job)).isTrue();
    }

    @Test
    default void aJobThatFailsIsTriedAgainAndSetAsideAtLast() {
        var id = add("work", 2, Duration.ZERO);
        assertThat(jobs().failed(claim(1).getFirst(), Duration.ofMinutes(1), "no answer")).isEqualTo(Outcome.AGAIN);
        assertThat(claim(1)).isEmpty();
        pass(Duration.ofMinutes(1).plusSeconds(1));
        var again = claim(1).getFirst();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.error()).isEqualTo("no answer");
        assertThat(jobs().failed(again, Duration.ofMinutes(1), "x".repeat(Jobs.ERROR_LENGTH + 1))).isEqualTo(Outcome.DEAD);
        pass(Duration.ofDays(1));
        assertThat(claim(1)).isEmpty();
        assertThat(jobs().waiting("q")).isZero();
        var dead = jobs().dead("q", 10);
        assertThat(dead).extracting(Job::id).containsExactly(id);
        assertThat(dead.getFirst().error()).hasSize(Jobs.ERROR_LENGTH);
        assertThat(dead.getFirst().lease()).isEmpty();
        assertThat(jobs().done(dead.getFirst())).isFalse();
    }

    @Test
    default void aJobWhoseHoldersAllVanishIsSetAside() {
        add("crashes its node", 2, Duration.ZERO);
        for (int i = 0; i < 2; i++) {
            assertThat(claim(1)).hasSize(1);
            pass(LEASE.plusSeconds(1));
        }
        assertThat(claim(1)).isEmpty();
        assertThat(jobs().dead("q", 10).getFirst().error()).isNotEmpty();
    }

    @Test
    default void whatWasSetAsideCanBeRevivedOrDiscarded() {
        var revived = add("a", 1, Duration.ZERO);
        var discarded = add("b", 1, Duration.ZERO);
        for (var job : claim(2)) {
            assertThat(jobs().revive("q", job.id())).as("it runs").isFalse();
            assertThat(jobs().discard("q", job.id())).as("it runs").isFalse();
            jobs().failed(job, Duration.ZERO, "no");
        }
        assertThat(jobs().revive("q", revived)).isTrue();
        assertThat(jobs().revive("q", revived)).isFalse();
        assertThat(jobs().discard("q", discarded)).isTrue();
        assertThat(jobs().discard("q", discarded)).isFalse();
        assertThat(jobs().revive("q", "ffffffffffffffffffffffff")).isFalse();
        assertThat(jobs().dead("q", 10)).isEmpty();
        var again = claim(2);
        assertThat(bodies(again)).containsExactly("a");
        assertThat(again.getFirst().attempt()).isEqualTo(1);
    }

    @Test
    default void jobsComeWhenTheyAreDueTheOldestFirst() {
        add("later", 1, Duration.ofMinutes(10));
        add("first", 1, Duration.ZERO);
        pass(Duration.ofSeconds(1));
        add("second", 1, Duration.ZERO);
        jobs().add(new NewJob("other", "elsewhere", 1, Duration.ZERO));
        assertThat(jobs().waiting("q")).isEqualTo(3);
        assertThat(bodies(claim(1))).containsExactly("first");
        assertThat(bodies(claim(10))).containsExactly("second");
        pass(Duration.ofMinutes(10));
        assertThat(bodies(claim(10))).contains("later");
        assertThat(bodies(jobs().claim("other", LEASE, 10))).containsExactly("elsewhere");
    }

    @Test
    default void badNewJobsAreRefused() {
        assertThatThrownBy(() -> add("x", 0, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> add("x", 1, Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void manyWorkersShareTheWorkAndDoEachJobOnce() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            add("job" + i, 1, Duration.ZERO);
        }
        pass(Duration.ofSeconds(1));
        var done = new ConcurrentLinkedQueue<String>();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (var batch = claim(3); !batch.isEmpty(); batch = claim(3)) {
                    for (var job : batch) {
                        if (jobs().done(job)) {
                            done.add(job.body());
                        }
                    }
                }
            }));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(done).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    default void aWatcherIsWokenByANewJobAndARevivedOne() throws InterruptedException {
        var wakes = new Semaphore(0);
        try (var watch = jobs().watch("q", wakes::release)) {
            var id = add("a", 1, Duration.ZERO);
            assertThat(wakes.tryAcquire(EventsContract.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            jobs().failed(claim(1).getFirst(), Duration.ZERO, "no");
            wakes.drainPermits();
            jobs().revive("q", id);
            assertThat(wakes.tryAcquire(EventsContract.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
