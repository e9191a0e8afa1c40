package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Jobs;
import org.pintail.backend.Jobs.NewJob;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;

class JobRunnerTest {
    private static final JobRunner.Settings SETTINGS = new JobRunner.Settings(4, Duration.ofMinutes(5), Duration.ofSeconds(2));
    private final TestClock clock = new TestClock();
    private final Jobs jobs = new MemoryStore(clock).jobs();
    private final LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();

    private void settled(long waiting, int dead) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (jobs.waiting("q") != waiting || jobs.dead("q", 10).size() != dead) {
            assertThat(System.nanoTime()).as("settled in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void aJobThatAlwaysFailsIsTriedEachTimeLaterAndThenSetAside() throws InterruptedException {
        jobs.add(new NewJob("q", "bad", 3, Duration.ZERO));
        var runner = new JobRunner(jobs, "q", SETTINGS, job -> {
            ran.add(job.body() + job.attempt());
            throw new IllegalStateException("on purpose");
        });
        assertThat(runner.round()).isTrue();
        assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo("bad1");
        while (runner.round()) {
            // until the failure is noted
        }
        runner.close();
        clock.advance(Duration.ofSeconds(2));
        assertThat(jobs.claim("q", Duration.ofMinutes(5), 1)).as("after two seconds").hasSize(1);
    }

    @Test
    void itIsSetAsideAfterItsLastAttempt() throws InterruptedException {
        jobs.add(new NewJob("q", "bad", 1, Duration.ZERO));
        var runner = new JobRunner(jobs, "q", SETTINGS, _ -> {
            throw new IllegalStateException("on purpose");
        });
        runner.round();
        settled(0, 1);
        assertThat(jobs.dead("q", 10).getFirst().error()).contains("on purpose");
    }

    @Test
    void jobsRunAsTheyComeAndClosingWaitsForThem() throws InterruptedException {
        var goOn = new CountDownLatch(1);
        try (var runner = new JobRunner(jobs, "q", SETTINGS, job -> {
            ran.add(job.body());
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })) {
            runner.start();
            for (var body : List.of("a", "b", "c")) {
                jobs.add(new NewJob("q", body, 1, Duration.ZERO));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(ran.poll(10, TimeUnit.SECONDS)).isNotNull();
            }
            goOn.countDown();
        }
        assertThat(jobs.waiting("q")).isZero();
        assertThat(jobs.dead("q", 10)).isEmpty();
    }
}
