package org.pintail.backend;

import java.time.Instant;

/// A message in the queue. `id`: 18 hex digits, sortable by time. `sender` is the envelope sender, "" for a bounce.
/// `data` is the envelope of the data model (interface, origin, headers, user, reason …).
public record QueuedMessage(String id, String sender, Instant created, long size, Document data) {}
