package org.pintail.redis;

import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.pintail.backend.Cluster;
import org.pintail.backend.Counters;
import org.pintail.backend.Documents;
import org.pintail.backend.Events;
import org.pintail.backend.Jobs;
import org.pintail.backend.Locks;
import org.pintail.backend.OneTime;
import org.pintail.backend.Seats;
import org.pintail.backend.Signals;

/// Everything that goes through Redis, over one [RedisLink].
public final class RedisCluster implements Cluster {
    private final RedisLink link;
    private final Beacons beacons;
    private final RedisEvents events;
    private final RedisSignals signals;
    private final RedisCounters counters;
    private final RedisSeats seats;
    private final RedisLocks locks;
    private final RedisOneTime oneTime;

    private RedisCluster(RedisSettings settings, Clock clock, LongSupplier nanos) {
        this.link = new RedisLink(settings, nodeName());
        this.beacons = new Beacons(link, new Beacons.Beacon(RedisSignals.CHANNEL, ""));
        this.events = new RedisEvents(link, beacons, settings);
        this.signals = new RedisSignals(link, beacons, events::wakeAllSoon);
        this.counters = new RedisCounters(link, clock);
        this.seats = new RedisSeats(link);
        this.locks = new RedisLocks(link, nanos);
        this.oneTime = new RedisOneTime(link);
    }

    /// Connects, or goes on trying when Redis is not there. Throws `IllegalArgumentException` for settings it cannot use.
    public static RedisCluster open(RedisSettings settings, Clock clock) {
        return open(settings, clock, System::nanoTime);
    }

    /// `nanos` measures leases.
    static RedisCluster open(RedisSettings settings, Clock clock, LongSupplier nanos) {
        var cluster = new RedisCluster(settings, clock, nanos);
        cluster.link.start();
        cluster.beacons.start();
        cluster.events.start();
        return cluster;
    }

    private static String nodeName() {
        return ProcessHandle.current().pid() + "." + String.format(Locale.ROOT, "%08x", ThreadLocalRandom.current().nextInt());
    }

    @Override
    public Events events() {
        return events;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public Seats seats() {
        return seats;
    }

    @Override
    public Locks locks() {
        return locks;
    }

    @Override
    public OneTime oneTime() {
        return oneTime;
    }

    @Override
    public Jobs jobs(Documents documents, Clock clock) {
        return new RedisJobs(link, signals, documents, clock);
    }

    @Override
    public boolean connected() {
        return link.connected();
    }

    @Override
    public void close() {
        beacons.close();
        events.close();
        link.close();
    }
}
