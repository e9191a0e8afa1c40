package org.pintail.backend.memory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;

/// The journal of one account: what happened in the last hours, in order. Used under the lock of [MailState].
final class Journal {
    /// As long as the data model keeps it.
    private static final Duration KEPT = Duration.ofHours(3);

    /// Whoever is further behind reads the mailboxes again.
    private static final int MOST = 100_000;

    private final AccountId account;
    private final Clock clock;
    private final TreeMap<ObjectId, JournalEntry> entries = new TreeMap<>();
    private @Nullable ObjectId last;

    Journal(AccountId account, Clock clock) {
        this.account = account;
        this.clock = clock;
    }

    /// `unseenChange`: whether it changes the number of unseen messages.
    void message(Kind kind, MessageRow row, long modSeq, boolean unseenChange, @Nullable String session) {
        add(new JournalEntry(
                nextId(), account, kind, row.mailbox(), row.uid(), modSeq, row.id(), row.thread(), row.flags(),
                unseenChange, null, session));
    }

    void exists(MessageRow row, @Nullable String session) {
        message(Kind.EXISTS, row, row.modSeq(), !row.flags().has(Flags.SEEN), session);
    }

    void expunge(MessageRow row, long modSeq, @Nullable String session) {
        message(Kind.EXPUNGE, row, modSeq, !row.flags().has(Flags.SEEN), session);
    }

    void mailbox(Kind kind, MailboxId mailbox, long modSeq, @Nullable String path) {
        add(new JournalEntry(nextId(), account, kind, mailbox, 0, modSeq, null, null, null, false, path, null));
    }

    List<JournalEntry> after(@Nullable ObjectId place, int limit) {
        var from = place == null ? entries : entries.tailMap(place, false);
        return from.values().stream().limit(limit).toList();
    }

    Optional<ObjectId> last() {
        return Optional.ofNullable(last);
    }

    private void add(JournalEntry entry) {
        entries.put(entry.id(), entry);
        var oldest = clock.instant().minus(KEPT);
        while (entries.size() > MOST || entries.firstKey().created().isBefore(oldest)) {
            entries.pollFirstEntry();
        }
    }

    /// An id by the clock, after every id given before.
    private ObjectId nextId() {
        var id = ObjectId.at(clock.instant());
        var before = last;
        if (before != null && id.compareTo(before) <= 0) {
            int low = before.low() + 1;
            id = new ObjectId(low == 0 ? before.high() + 1 : before.high(), low);
        }
        last = id;
        return id;
    }
}
