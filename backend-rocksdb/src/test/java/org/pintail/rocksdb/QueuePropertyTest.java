package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.Samples;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;

/// The embedded queue answers as the one in memory does, whatever was done to both before.
class QueuePropertyTest {
    private static final Instant NOON = Instant.parse("2026-02-03T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int STEPS = 1500;
    private static final String[] DOMAINS = {"a.example", "b.example", "c.example"};

    /// A row claimed from both queues.
    private record Claim(QueueRow mine, QueueRow model) {}

    private Instant now = NOON;
    private int messages;

    @Test
    void everyAnswerIsTheModels(@TempDir Path directory) {
        long seed = Long.getLong("pintail.seed", System.nanoTime());
        var random = new Random(seed);
        var claims = new ArrayList<Claim>();
        try (var store = RocksStore.open(RocksStore.Settings.at(directory), new TestClock());
                var model = new MemoryStore(new TestClock())) {
            for (int step = 0; step < STEPS; step++) {
                var what = "seed " + seed + " step " + step;
                now = now.plusMillis(random.nextInt(3000));
                step(random, store.queue(), model.queue(), claims, what);
                assertThat(states(store.queue())).as(what).isEqualTo(states(model.queue()));
                assertThat(store.queue().nextDue("default")).as(what).isEqualTo(model.queue().nextDue("default"));
                assertThat(store.queue().count()).as(what).isEqualTo(model.queue().count());
            }
        }
    }

    private void step(Random random, Queue mine, Queue model, List<Claim> claims, String what) {
        switch (random.nextInt(8)) {
            case 0, 1 -> enqueue(random, mine, model);
            case 2, 3 -> claim(random, mine, model, claims, what);
            case 4, 5 -> finish(random, mine, model, claims, what);
            default -> change(random, mine, model, what);
        }
    }

    private void enqueue(Random random, Queue mine, Queue model) {
        var id = String.format("%018x", ++messages);
        var domains = random.ints(1 + random.nextInt(3), 0, 3).mapToObj(i -> DOMAINS[i]).toArray(String[]::new);
        var entry = Samples.queued(id, now.plusMillis(random.nextInt(20_000) - 10_000), domains);
        mine.enqueue(List.of(entry));
        model.enqueue(List.of(entry));
    }

    private void claim(Random random, Queue mine, Queue model, List<Claim> claims, String what) {
        var skip = random.nextInt(3) == 0 ? Set.of(DOMAINS[random.nextInt(3)]) : Set.<String>of();
        int max = 1 + random.nextInt(4);
        var got = mine.claim("default", now, LEASE, skip, max);
        var expected = model.claim("default", now, LEASE, skip, max);
        assertThat(names(got)).as(what).isEqualTo(names(expected));
        for (int i = 0; i < got.size(); i++) {
            claims.add(new Claim(got.get(i), expected.get(i)));
        }
    }

    private static List<String> names(List<QueueRow> rows) {
        return rows.stream().map(row -> row.id() + "." + row.seq() + " " + row.attempts()).toList();
    }

    private static List<String> states(Queue queue) {
        return queue.list(null, Integer.MAX_VALUE).stream()
                .map(row -> row.id() + "." + row.seq() + " due " + row.due() + " held " + row.held() + " until " + row.leaseEnds())
                .toList();
    }

    private void finish(Random random, Queue mine, Queue model, List<Claim> claims, String what) {
        if (claims.isEmpty()) {
            return;
        }
        var claim = claims.remove(random.nextInt(claims.size()));
        if (random.nextBoolean()) {
            assertThat(mine.settle(claim.mine(), List.of())).as(what).isEqualTo(model.settle(claim.model(), List.of()));
        } else {
            var due = now.plusMillis(random.nextInt(60_000));
            assertThat(mine.defer(claim.mine(), now, due, "later")).as(what).isEqualTo(model.defer(claim.model(), now, due, "later"));
        }
    }

    private void change(Random random, Queue mine, Queue model, String what) {
        var rows = model.list(null, 1000);
        if (rows.isEmpty()) {
            return;
        }
        var row = rows.get(random.nextInt(rows.size()));
        switch (random.nextInt(4)) {
            case 0 -> assertThat(mine.hold(row.id(), row.seq(), true)).as(what).isEqualTo(model.hold(row.id(), row.seq(), true));
            case 1 -> assertThat(mine.hold(row.id(), row.seq(), false)).as(what).isEqualTo(model.hold(row.id(), row.seq(), false));
            case 2 -> assertThat(mine.retryNow(row.id(), row.seq(), now)).as(what).isEqualTo(model.retryNow(row.id(), row.seq(), now));
            default -> assertThat(mine.purge(row.id(), row.seq(), now)).as(what).isEqualTo(model.purge(row.id(), row.seq(), now));
        }
    }
}
