package org.pintail.backend;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One recipient of a queued message. `seq` is 3 hex digits from 001. `due`: earliest next attempt. `attempts` so far; `firstDeferred` null before
/// the first. `lastResponse` is what the other side said last, "" before. `lease` is the token of the claim, 0 when unclaimed;
/// `details` carries relay overrides (`mx`, `mxPort`, `mxAuth`, `skipSRS` …).
public record QueueRow(
        String id,
        String seq,
        String recipient,
        String domain,
        String zone,
        Instant created,
        Instant due,
        int attempts,
        @Nullable Instant firstDeferred,
        @Nullable Instant lastAttempt,
        String lastResponse,
        boolean held,
        long lease,
        @Nullable Instant leaseEnds,
        Document details) {}
