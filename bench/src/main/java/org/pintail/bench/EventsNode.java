package org.pintail.bench;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.pintail.backend.AccountId;
import org.pintail.redis.RedisCluster;
import org.pintail.redis.RedisSettings;

/// One node of [EventsBench]: watches every account, makes changes at a rate. When each account was changed last stands in a file that both nodes
/// have mapped, so that the other one can tell how long it took.
final class EventsNode {
    private static final int WARM_UP_SECONDS = 10;
    private static final int TICK_MILLIS = 10;
    private final int node;
    private final int accounts;
    private final LongBuffer times;
    private final double[] took = new double[1_000_000];
    private final AtomicInteger heard = new AtomicInteger();
    private volatile boolean measuring;

    private EventsNode(int node, int accounts, LongBuffer times) {
        this.node = node;
        this.accounts = accounts;
        this.times = times;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        int accounts = Integer.parseInt(args[4]);
        try (var file = FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var times = file.map(FileChannel.MapMode.READ_WRITE, 0, 2L * accounts * Long.BYTES).asLongBuffer();
            var node = new EventsNode(Integer.parseInt(args[2]), accounts, times);
            try (var cluster = RedisCluster.open(RedisSettings.of(args[0]), Clock.systemUTC())) {
                if (!cluster.connected()) {
                    throw new IOException("no redis at " + args[0]);
                }
                node.run(cluster, Integer.parseInt(args[3]), Integer.parseInt(args[5]));
            }
        }
    }

    private static AccountId account(int n) {
        return AccountId.of(String.format(Locale.ROOT, "%024x", 0x1000_0000L + n));
    }

    private void run(RedisCluster cluster, int rate, int seconds) throws InterruptedException {
        for (int n = 0; n < accounts; n++) {
            int watched = n;
            cluster.events().watch(account(n), () -> heard(watched));
        }
        change(cluster, rate, WARM_UP_SECONDS);
        measuring = true;
        System.out.println("measuring");
        change(cluster, rate, seconds);
        TimeUnit.MILLISECONDS.sleep(200);
        measuring = false;
        int count = Math.min(heard.get(), took.length);
        Arrays.sort(took, 0, count);
        System.out.printf(Locale.ROOT, "heard %d %.1f %.1f %.1f%n", count, at(count, 0.5), at(count, 0.99), at(count, 1));
        TimeUnit.SECONDS.sleep(2); // the other one reads our CPU time
    }

    private double at(int count, double part) {
        return count == 0 ? 0 : took[Math.min(count - 1, (int) (count * part))];
    }

    /// The other node has the accounts of the other parity.
    private void change(RedisCluster cluster, int rate, int seconds) {
        long begin = System.nanoTime();
        long made = 0;
        for (long tick = 1; tick <= seconds * 1000L / TICK_MILLIS; tick++) {
            long until = begin + tick * TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
            for (; made < rate * tick * TICK_MILLIS / 1000; made++) {
                int n = (int) ((made * 2 + node) * 7919 % accounts);
                times.put(n, System.nanoTime());
                cluster.events().publish(account(n));
            }
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }
    }

    /// Counts changes of the other node alone; those heard again, or woken to look, have no time waiting.
    private void heard(int n) {
        long changed = times.get(n);
        if ((n & 1) == node || changed == 0) {
            return;
        }
        times.put(n, 0);
        if (!measuring) {
            return;
        }
        int i = heard.getAndIncrement();
        if (i < took.length) {
            took[i] = (System.nanoTime() - changed) / 1e6;
        }
    }
}
