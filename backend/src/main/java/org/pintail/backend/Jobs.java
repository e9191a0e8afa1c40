package org.pintail.backend;

import java.time.Duration;
import java.util.List;

/// Work to be done once it can be, at least once: it is claimed by lease, comes back when the lease ends or the work fails, and is set
/// aside after its last attempt.
public interface Jobs {
    /// Longest text of an error that is kept.
    int ERROR_LENGTH = 1000;

    /// `attempts`: how often it is tried at most. `delay`: the first time not before.
    record NewJob(String queue, String body, int attempts, Duration delay) {
        public NewJob {
            if (attempts < 1 || delay.isNegative()) {
                throw new IllegalArgumentException("expected at least one attempt and no negative delay");
            }
        }
    }

    /// `attempt`: which one this is, from 1. `lease`: proof that the caller has it; "" for one that is set aside. `error`: why the last
    /// attempt failed, or "".
    record Job(String queue, String id, String body, int attempt, int attempts, String lease, String error) {}

    /// What became of a job that failed.
    enum Outcome {
        /// It is tried again.
        AGAIN,
        /// It is set aside.
        DEAD,
        /// Another has it by now, nothing changed.
        LOST
    }

    /// Kept when this returns. Returns its id.
    String add(NewJob job);

    /// Up to `most` jobs that are due, the longest due first, each for the time of `lease`.
    List<Job> claim(String queue, Duration lease, int most);

    /// Begins the lease anew. False when it is lost.
    boolean extend(Job claimed, Duration lease);

    /// The job is done and goes. False when the lease was lost: another does it, or has done it.
    boolean done(Job claimed);

    /// Tried again after `delay`, or set aside after the last attempt.
    Outcome failed(Job claimed, Duration delay, String error);

    /// Jobs that were set aside, in no certain order.
    List<Job> dead(String queue, int most);

    /// Gives one that was set aside all its attempts again, due now. False when it is not there.
    boolean revive(String queue, String id);

    /// Forgets one that was set aside. False when it is not there.
    boolean discard(String queue, String id);

    /// Jobs that are not set aside, running ones included.
    long waiting(String queue);

    /// `wake` runs when a job may have become due by [#add] or [#revive] on any node. Those due later, or back from a lost lease, are found by looking.
    Events.Watch watch(String queue, Runnable wake);
}
