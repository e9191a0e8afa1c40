package org.pintail.backend;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.mime.Source;

/// The durable queue of outbound mail: a body once, a row per recipient. Work is claimed by lease and returns when the lease ends.
public interface Queue {
    /// Stores body and rows as one step, durable on return. Rows come with lease 0.
    void enqueue(QueuedMessage message, Source body, List<QueueRow> rows);

    /// Several messages as one step: all or none.
    void enqueue(List<Entry> entries);

    /// A message with its rows.
    record Entry(QueuedMessage message, Source body, List<QueueRow> rows) {
        public Entry {
            rows = List.copyOf(rows);
        }
    }

    /// Claims up to `max` due rows of a zone, oldest due first, leaving out those of `skipDomains`; held rows and rows under a running
    /// lease are not due. Each comes back with its lease token.
    List<QueueRow> claim(String zone, Instant now, Duration lease, Set<String> skipDomains, int max);

    /// Lets the lease of a claimed row end at `ends`. False when it was lost (nothing changed).
    boolean extend(QueueRow claimed, Instant ends);

    /// When the next row of the zone will be due, if any.
    Optional<Instant> nextDue(String zone);

    /// Puts a claimed row back until `due`. False when the lease was lost (nothing changed).
    boolean defer(QueueRow claimed, Instant now, Instant due, String response);

    /// The recipient is done with (delivered or given up): the row goes, and the body with the last row. `also` (DSNs) is enqueued in the same
    /// step. False when the lease was lost.
    boolean settle(QueueRow claimed, List<Entry> also);

    Optional<QueuedMessage> message(String id);

    Optional<Source> body(String id);

    List<QueueRow> rows(String id);

    /// Rows by id, after `(afterId, afterSeq)`; null starts at the first.
    List<QueueRow> list(@Nullable QueueRow after, int limit);

    long count();

    boolean hold(String id, String seq, boolean held);

    boolean retryNow(String id, String seq, Instant now);

    /// Moves the time at which a row is due, unless somebody holds a lease of it: then false.
    boolean reschedule(String id, String seq, Instant now, Instant due);

    /// Removes a row that nobody holds a lease of.
    boolean purge(String id, String seq, Instant now);

    /// `wake` runs when rows became due by enqueue or retry.
    Events.Watch watch(Runnable wake);
}
