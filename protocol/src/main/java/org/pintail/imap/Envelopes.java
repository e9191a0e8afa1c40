package org.pintail.imap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.List;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.ObjectId;

/// The envelopes of messages that were searched, sorted or threaded a moment ago, by content: copies share one, and neither flags nor a move
/// make it stale. What is kept is bounded.
final class Envelopes {
    private static final long SHARE_OF_HEAP = 16;
    private static final int BYTES_OF_ITS_OWN = 160;
    private static final Duration KEPT = Duration.ofMinutes(15);
    private final Cache<ObjectId, Envelope> kept = Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher((ObjectId _, Envelope envelope) -> weight(envelope))
            .expireAfterAccess(KEPT)
            .scheduler(Scheduler.systemScheduler())
            .build();

    private static int weight(Envelope envelope) {
        var references = envelope.references();
        int weight = BYTES_OF_ITS_OWN + envelope.size();
        for (var id : references == null ? List.<String>of() : references) {
            weight += 60 + id.length();
        }
        return weight;
    }

    /// Throws [org.pintail.backend.StoreException.Missing] when the message is gone.
    Envelope of(Messages messages, MessageRow row) {
        var known = kept.getIfPresent(row.content());
        if (known != null) {
            return known;
        }
        var read = new Envelope(messages.renderings(row).envelope());
        kept.put(row.content(), read);
        return read;
    }

    /// As [#of]; its references are there as well.
    Envelope withReferences(Messages messages, MessageRow row) {
        var known = kept.getIfPresent(row.content());
        if (known != null && known.references() != null) {
            return known;
        }
        var content = messages.content(row);
        var read = new Envelope(content.envelope());
        read.references(content.details().strings("references"));
        kept.put(row.content(), read);
        return read;
    }
}
