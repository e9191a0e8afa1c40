package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every [Queue] promises.
@SuppressWarnings("try") // a watch is only held open
public interface QueueContract extends EngineUnderTest {
    Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    Duration LEASE = Duration.ofMinutes(5);
    String ONE = "19a000000000000001";
    String TWO = "19a000000000000002";
    String THREE = "19a000000000000003";

    private Queue queue() {
        return store().queue();
    }

    private void enqueue(String id, Instant due, String... domains) {
        queue().enqueue(List.of(Samples.queued(id, due, domains)));
    }

    private List<QueueRow> claim(Instant now, int max) {
        return queue().claim("default", now, LEASE, Set.of(), max);
    }

    private static List<String> names(List<QueueRow> rows) {
        return rows.stream().map(r -> r.id().substring(17) + "." + r.seq()).toList();
    }

    @Test
    default void severalMessagesGoInTogetherOrNotAtAll() {
        enqueue(ONE, NOON, "a.example");
        assertThatThrownBy(() -> queue().enqueue(List.of(
                        Samples.queued(TWO, NOON, "b.example"), Samples.queued(ONE, NOON, "c.example"))))
                .isInstanceOf(StoreException.Duplicate.class);
        assertThat(queue().message(TWO)).isEmpty();
        assertThat(queue().count()).isEqualTo(1);
    }

    @Test
    default void whatIsQueuedIsFoundAgain() throws IOException {
        var entry = Samples.queued(ONE, NOON, "a.example", "b.example");
        queue().enqueue(entry.message(), entry.body(), entry.rows());
        assertThat(queue().message(ONE)).contains(entry.message());
        assertThat(queue().body(ONE).orElseThrow().readAll()).isEqualTo(entry.body().readAll());
        assertThat(queue().rows(ONE)).isEqualTo(entry.rows());
        assertThat(queue().rows(TWO)).isEmpty();
        assertThat(queue().body(TWO)).isEmpty();
        assertThat(queue().count()).isEqualTo(2);
    }

    @Test
    default void theOldestDueIsClaimedFirst() {
        enqueue(ONE, NOON.minusSeconds(10), "a.example");
        enqueue(TWO, NOON.minusSeconds(20), "b.example", "c.example");
        enqueue(THREE, NOON.plusSeconds(1), "d.example");
        assertThat(queue().claim("other", NOON, LEASE, Set.of(), 9)).isEmpty();
        var first = claim(NOON, 2);
        assertThat(names(first)).containsExactly("2.001", "2.002");
        assertThat(first).allMatch(r -> r.lease() != 0 && NOON.plus(LEASE).equals(r.leaseEnds()));
        assertThat(names(claim(NOON, 9))).containsExactly("1.001");
        assertThat(claim(NOON, 9)).isEmpty();
        assertThat(names(claim(NOON.plusSeconds(1), 9))).containsExactly("3.001");
    }

    @Test
    default void skippedDomainsAndHeldRowsStay() {
        enqueue(ONE, NOON, "a.example", "b.example", "c.example");
        assertThat(queue().hold(ONE, "003", true)).isTrue();
        assertThat(queue().hold(ONE, "009", true)).isFalse();
        assertThat(names(queue().claim("default", NOON, LEASE, Set.of("a.example"), 9))).containsExactly("1.002");
        assertThat(names(claim(NOON, 9))).containsExactly("1.001");
        assertThat(queue().nextDue("default")).contains(NOON.plus(LEASE));
        assertThat(queue().rows(ONE).get(2).held()).isTrue();
        queue().hold(ONE, "003", false);
        assertThat(names(claim(NOON, 9))).containsExactly("1.003");
    }

    @Test
    default void aLeaseThatEndedGivesTheRowToTheNextAndShutsTheFirstOut() {
        enqueue(ONE, NOON, "a.example");
        var first = claim(NOON, 1).getFirst();
        assertThat(claim(NOON.plus(LEASE).minusMillis(1), 1)).isEmpty();
        var second = claim(NOON.plus(LEASE), 1).getFirst();
        assertThat(second.lease()).isNotEqualTo(first.lease());
        assertThat(queue().defer(first, NOON.plus(LEASE), NOON.plusSeconds(9999), "late")).isFalse();
        assertThat(queue().settle(first, List.of(Samples.queued(TWO, NOON, "b.example")))).isFalse();
        assertThat(queue().message(TWO)).isEmpty();
        assertThat(queue().rows(ONE)).containsExactly(second);
        assertThat(queue().settle(second, List.of())).isTrue();
        assertThat(queue().settle(second, List.of())).isFalse();
    }

    @Test
    default void aLeaseCanBeBegunAnewByItsHolder() {
        enqueue(ONE, NOON, "a.example");
        var first = claim(NOON, 1).getFirst();
        var longer = NOON.plus(LEASE).plusSeconds(60);
        assertThat(queue().extend(first, longer)).isTrue();
        assertThat(queue().rows(ONE)).extracting(QueueRow::leaseEnds).containsExactly(longer);
        assertThat(queue().nextDue("default")).contains(longer);
        assertThat(claim(longer.minusMillis(1), 1)).isEmpty();
        var second = claim(longer, 1).getFirst();
        assertThat(queue().extend(first, longer.plus(LEASE))).isFalse();
        assertThat(queue().rows(ONE)).containsExactly(second);
        assertThat(queue().defer(second, longer, longer.plusSeconds(60), "later")).isTrue();
        assertThat(queue().extend(second, longer.plus(LEASE))).isFalse();
        assertThat(claim(longer.plusSeconds(60), 1)).hasSize(1);
        assertThat(queue().settle(second, List.of())).isFalse();
    }

    @Test
    default void aLeaseMayBeBegunAnewAfterItsEndIfNobodyTookTheRow() {
        enqueue(ONE, NOON, "a.example");
        var mine = claim(NOON, 1).getFirst();
        var late = NOON.plus(LEASE).plusSeconds(60);
        assertThat(queue().extend(mine, late.plus(LEASE))).isTrue();
        assertThat(claim(late, 1)).isEmpty();
        assertThat(queue().settle(mine, List.of())).isTrue();
        assertThat(queue().extend(mine, late.plus(LEASE))).isFalse();
    }

    @Test
    default void aRowThatNobodyClaimedCannotBeSettled() {
        enqueue(ONE, NOON, "a.example");
        var row = queue().rows(ONE).getFirst();
        assertThat(queue().settle(row, List.of())).isFalse();
        assertThat(queue().defer(row, NOON, NOON, "x")).isFalse();
        assertThat(queue().count()).isEqualTo(1);
    }

    @Test
    default void aDeferredRowComesBackWhenItIsDue() {
        enqueue(ONE, NOON, "a.example");
        var claimed = claim(NOON, 1).getFirst();
        var later = NOON.plusSeconds(600);
        assertThat(queue().defer(claimed, NOON, later, "450 later")).isTrue();
        assertThat(queue().nextDue("default")).contains(later);
        assertThat(claim(later.minusMillis(1), 1)).isEmpty();
        var again = claim(later, 1).getFirst();
        assertThat(again.attempts()).isEqualTo(1);
        assertThat(again.firstDeferred()).isEqualTo(NOON);
        assertThat(again.lastAttempt()).isEqualTo(NOON);
        assertThat(again.lastResponse()).isEqualTo("450 later");
        assertThat(queue().defer(again, later, later.plusSeconds(1), "451 again")).isTrue();
        var row = queue().rows(ONE).getFirst();
        assertThat(row.attempts()).isEqualTo(2);
        assertThat(row.firstDeferred()).isEqualTo(NOON);
        assertThat(row.lastAttempt()).isEqualTo(later);
        assertThat(row.lease()).isZero();
    }

    @Test
    default void theBodyGoesWithTheLastRowAndTheBounceComesInTheSameStep() {
        enqueue(ONE, NOON, "a.example", "b.example");
        var claimed = claim(NOON, 2);
        assertThat(queue().settle(claimed.get(0), List.of())).isTrue();
        assertThat(queue().body(ONE)).isPresent();
        assertThatThrownBy(() -> queue().settle(claimed.get(1), List.of(Samples.queued(ONE, NOON, "c.example"))))
                .isInstanceOf(StoreException.Duplicate.class);
        assertThat(queue().rows(ONE)).containsExactly(claimed.get(1));
        assertThat(queue().settle(claimed.get(1), List.of(Samples.queued(TWO, NOON, "c.example")))).isTrue();
        assertThat(queue().body(ONE)).isEmpty();
        assertThat(queue().message(ONE)).isEmpty();
        assertThat(names(queue().list(null, 9))).containsExactly("2.001");
        assertThat(names(claim(NOON, 9))).containsExactly("2.001");
    }

    @Test
    default void retryMakesARowDueAtOnce() {
        enqueue(ONE, NOON.plusSeconds(600), "a.example");
        assertThat(claim(NOON, 1)).isEmpty();
        assertThat(queue().retryNow(ONE, "001", NOON)).isTrue();
        assertThat(queue().retryNow(ONE, "002", NOON)).isFalse();
        assertThat(claim(NOON, 1)).hasSize(1);
    }

    @Test
    default void rescheduleMovesWhatNobodyDelivers() {
        enqueue(ONE, NOON, "a.example", "b.example");
        assertThat(claim(NOON, 1)).extracting(QueueRow::seq).containsExactly("001");
        assertThat(queue().reschedule(ONE, "001", NOON, NOON.plusSeconds(600))).isFalse();
        assertThat(queue().reschedule(ONE, "003", NOON, NOON.plusSeconds(600))).isFalse();
        assertThat(queue().reschedule(ONE, "002", NOON, NOON.plusSeconds(600))).isTrue();
        assertThat(claim(NOON.plusSeconds(1), 1)).isEmpty();
        assertThat(claim(NOON.plusSeconds(600), 2)).extracting(QueueRow::seq).contains("002");
        assertThat(queue().rows(ONE)).extracting(QueueRow::due).containsExactly(NOON, NOON.plusSeconds(600));
    }

    @Test
    default void purgeLeavesRowsUnderALease() {
        enqueue(ONE, NOON, "a.example", "b.example");
        claim(NOON, 1);
        assertThat(queue().purge(ONE, "001", NOON)).isFalse();
        assertThat(queue().purge(ONE, "003", NOON)).isFalse();
        assertThat(queue().purge(ONE, "002", NOON)).isTrue();
        assertThat(queue().purge(ONE, "001", NOON.plus(LEASE))).isTrue();
        assertThat(queue().count()).isZero();
        assertThat(queue().body(ONE)).isEmpty();
        assertThat(queue().nextDue("default")).isEmpty();
    }

    @Test
    default void listingGoesOnAfterARow() {
        enqueue(TWO, NOON, "a.example", "b.example");
        enqueue(ONE, NOON.plusSeconds(5), "c.example");
        var all = new ArrayList<QueueRow>();
        @Nullable QueueRow last = null;
        for (var page = queue().list(last, 2); !page.isEmpty(); page = queue().list(last, 2)) {
            assertThat(page.size()).isLessThanOrEqualTo(2);
            all.addAll(page);
            last = page.getLast();
        }
        assertThat(names(all)).containsExactly("1.001", "2.001", "2.002");
    }

    @Test
    default void nextDueIsTheEarliestThatMayBeClaimed() {
        assertThat(queue().nextDue("default")).isEmpty();
        enqueue(ONE, NOON.plusSeconds(60), "a.example");
        enqueue(TWO, NOON.plusSeconds(30), "b.example");
        assertThat(queue().nextDue("default")).contains(NOON.plusSeconds(30));
        assertThat(queue().nextDue("other")).isEmpty();
        queue().hold(TWO, "001", true);
        assertThat(queue().nextDue("default")).contains(NOON.plusSeconds(60));
    }

    @Test
    default void watchersHearOfNewAndRetriedRows() throws InterruptedException {
        var enqueued = new CountDownLatch(1);
        try (var watch = queue().watch(enqueued::countDown)) {
            enqueue(ONE, NOON, "a.example");
            assertThat(enqueued.await(10, TimeUnit.SECONDS)).isTrue();
        }
        var retried = new CountDownLatch(1);
        try (var watch = queue().watch(retried::countDown)) {
            queue().retryNow(ONE, "001", NOON);
            assertThat(retried.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    default void noTwoClaimersGetTheSameRow() throws InterruptedException {
        var entries = new ArrayList<Queue.Entry>();
        for (int i = 0; i < 100; i++) {
            entries.add(Samples.queued("19a0000000000001%02x".formatted(i), NOON.plusSeconds(i % 7), "a.example"));
        }
        queue().enqueue(entries);
        var claimed = new ConcurrentLinkedQueue<QueueRow>();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 6; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (var got = claim(NOON.plusSeconds(9), 7); !got.isEmpty(); got = claim(NOON.plusSeconds(9), 7)) {
                    claimed.addAll(got);
                }
            }));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(claimed.stream().map(QueueRow::id)).hasSize(100).doesNotHaveDuplicates();
    }
}
