package org.pintail.backend;

import java.time.Clock;

/// What the nodes of an installation share besides the store: who is told of what, limits, locks, work. In one process all of it is local.
///
/// When the other side is away, nothing here keeps mail from flowing; each role says what holds meanwhile, and comes back by itself.
public interface Cluster extends AutoCloseable {
    Events events();

    Signals signals();

    Counters counters();

    Seats seats();

    Locks locks();

    OneTime oneTime();

    /// Work to be done; what cannot be kept elsewhere is kept in `documents`, by `clock`.
    Jobs jobs(Documents documents, Clock clock);

    /// The nodes can hear each other at this moment.
    boolean connected();

    @Override
    void close();
}
