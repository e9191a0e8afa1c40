package org.pintail.imap.view;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;

/// Up to where the sessions of this node have been told of the messages of each mailbox: what comes after is `\Recent` for the next session that
/// may change it (RFC 3501 §2.3.2). Nothing of it is stored. What came before this node started, or a week ago into a mailbox nobody opened since, is
/// not recent; what a session on another node was told of may be recent here, as the RFC has it where a server cannot know.
final class RecentMarks {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final int MAILBOXES = 100_000;
    private final boolean used;
    private final Clock clock;
    private final Instant started;
    private final Cache<MailboxId, Long> marks;

    /// Not `used`: no message is recent for anybody.
    RecentMarks(Clock clock, boolean used) {
        this.used = used;
        this.clock = clock;
        this.started = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        this.marks = Caffeine.newBuilder()
                .maximumSize(MAILBOXES)
                .expireAfterAccess(KEPT)
                .ticker(() -> Duration.between(started, clock.instant()).toNanos())
                .build();
    }

    /// The uid from which on messages are recent. With `telling` those in `messages` are told of now, and are not for whoever asks next.
    long first(MailboxId mailbox, Columns messages, boolean telling) {
        if (!used) {
            return Long.MAX_VALUE;
        }
        long after = messages.count() == 0 ? 0 : messages.uid(messages.count() - 1) + 1;
        var first = new long[1];
        marks.asMap().compute(mailbox, (_, known) -> {
            first[0] = known == null ? firstSaved(messages) : known;
            return telling ? Math.max(first[0], after) : first[0];
        });
        return first[0];
    }

    /// How many messages are recent for nobody yet. Reads no more than their last one where that tells.
    long count(Mailbox mailbox, Messages store, Snapshots snapshots) {
        var known = marks.getIfPresent(mailbox.id());
        if (!used || mailbox.messages() == 0 || known != null && known >= mailbox.uidNext()) {
            return 0;
        }
        if (known == null) {
            List<MessageRow> last = store.rows(mailbox.id(), 1, mailbox.uidNext(), false, 1);
            if (last.isEmpty() || last.getFirst().id().value().created().isBefore(since())) {
                return 0;
            }
        }
        var messages = snapshots.now(mailbox.id());
        int first = messages.index(first(mailbox.id(), messages, false));
        return messages.count() - (first < 0 ? -first - 1 : first);
    }

    /// Where nothing is remembered of a mailbox, nobody has been told of what came since then.
    private Instant since() {
        var kept = clock.instant().minus(KEPT);
        return kept.isAfter(started) ? kept : started;
    }

    private long firstSaved(Columns messages) {
        var since = since();
        int first = messages.count();
        while (first > 0 && !messages.savedDate(first - 1).isBefore(since)) {
            first--;
        }
        return first < messages.count() ? messages.uid(first) : messages.count() == 0 ? 1 : messages.uid(first - 1) + 1;
    }
}
