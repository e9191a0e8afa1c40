package org.pintail.imap.envelope;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.ObjectId;

/// The envelopes of messages that were searched, sorted or threaded a moment ago, by content: copies share one, and neither flags nor a move
/// make it stale. What is kept is bounded.
public final class Envelopes {
    private static final long SHARE_OF_HEAP = 16;
    private static final int BYTES_OF_ITS_OWN = 160;
    private static final Set<String> REFERENCES = Set.of("references");
    private static final Duration KEPT = Duration.ofMinutes(15);
    private final Cache<ObjectId, Envelope> kept = Caffeine.newBuilder()
            .executor(Runnable::run) // a first look puts thousands: no other thread is woken for them
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher((ObjectId _, Envelope envelope) -> weight(envelope))
            .expireAfterAccess(KEPT)
            .scheduler(Scheduler.systemScheduler())
            .build();

    /// With what will be made of it: the subject as it is compared is about as long as the subject.
    private static int weight(Envelope envelope) {
        var kin = envelope.kin();
        int weight = BYTES_OF_ITS_OWN + 2 * envelope.size();
        for (var id : kin == null ? List.<String>of() : kin.ancestors()) {
            weight += 60 + id.length();
        }
        return weight;
    }

    /// Throws [org.pintail.backend.StoreException.Missing] when the message is gone.
    public Envelope of(Messages messages, MessageRow row) {
        var known = kept.getIfPresent(row.content());
        if (known != null) {
            return known;
        }
        var read = new Envelope(messages.renderings(row).envelope());
        kept.put(row.content(), read);
        return read;
    }

    /// As [#of]; its kin is there as well.
    public Envelope withKin(Messages messages, MessageRow row) {
        var known = kept.getIfPresent(row.content());
        if (known != null && known.kin() != null) {
            return known;
        }
        var read = messages.described(row, REFERENCES);
        var envelope = known == null ? new Envelope(read.renderings().envelope()) : known;
        envelope.kin(read.details().strings("references"));
        kept.put(row.content(), envelope);
        return envelope;
    }
}
