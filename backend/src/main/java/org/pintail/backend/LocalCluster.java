package org.pintail.backend;

import java.time.Clock;

/// A [Cluster] of one process.
public final class LocalCluster implements Cluster {
    private final LocalEvents events = new LocalEvents();
    private final LocalSignals signals = new LocalSignals();
    private final LocalCounters counters;
    private final LocalSeats seats = new LocalSeats();
    private final LocalLocks locks;
    private final LocalOneTime oneTime;

    public LocalCluster(Clock clock) {
        this.counters = new LocalCounters(clock);
        this.locks = new LocalLocks(clock);
        this.oneTime = new LocalOneTime(clock);
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
        return new DocumentJobs(documents, signals, clock);
    }

    @Override
    public boolean connected() {
        return true;
    }

    /// Nothing is open.
    @Override
    public void close() {}
}
