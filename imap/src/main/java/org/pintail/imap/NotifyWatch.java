package org.pintail.imap;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Events;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Messages;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;

/// The accounts whose mailboxes a [Notifier] tells of: whether anything happened there, and which mailboxes their journals name. Not safe for
/// several threads, but for the watchers.
final class NotifyWatch {
    private static final int ENTRIES = 500; // beyond, reading every mailbox is no more than reading on
    private final Store store;
    private final String session;
    private final Runnable wake;
    private final Map<AccountId, Watched> accounts = new HashMap<>();

    /// `place`: up to where its journal is known.
    private static final class Watched {
        private final AtomicBoolean woken = new AtomicBoolean();
        private Events.@Nullable Watch watch;
        private @Nullable ObjectId place;
    }

    /// `session` as the journal has it. `wake` runs on each change, on a thread of the engine's.
    NotifyWatch(Store store, String session, Runnable wake) {
        this.store = store;
        this.session = session;
        this.wake = wake;
    }

    /// From now on what happens in the account counts. What had been read of it before may be old: it is woken at once.
    void add(AccountId owner) {
        if (accounts.containsKey(owner)) {
            return;
        }
        var watched = new Watched();
        accounts.put(owner, watched);
        watched.watch = store.events().watch(owner, () -> {
            watched.woken.set(true);
            wake.run();
        });
        watched.place = messages().lastJournalEntry(owner).orElse(null);
        watched.woken.set(true);
        wake.run();
    }

    boolean woken() {
        return accounts.values().stream().anyMatch(a -> a.woken.get());
    }

    /// Everything is going to be read: what happened until now counts as known.
    void skip() {
        accounts.forEach((owner, watched) -> {
            watched.woken.set(false);
            watched.place = messages().lastJournalEntry(owner).orElse(null);
        });
    }

    /// What happened since the last time was in the messages of these mailboxes; the value: did this session do it all? Empty where more
    /// happened, or what the journal does not know. `echoes`: a wake without an entry came of one that is known already.
    Optional<Map<MailboxId, Boolean>> changed(boolean echoes) {
        var found = new HashMap<MailboxId, Boolean>();
        for (var account : accounts.entrySet()) {
            var watched = account.getValue();
            if (!watched.woken.getAndSet(false)) {
                continue;
            }
            var entries = messages().journal(account.getKey(), watched.place, ENTRIES);
            if (entries.size() == ENTRIES || entries.isEmpty() && !echoes || entries.stream().anyMatch(NotifyWatch::ofMailboxes)) {
                return Optional.empty();
            }
            for (var entry : entries) {
                watched.place = entry.id();
                found.merge(entry.mailbox(), session.equals(entry.session()), Boolean::logicalAnd);
            }
        }
        return Optional.of(found);
    }

    private static boolean ofMailboxes(JournalEntry entry) {
        return switch (entry.kind()) {
            case CREATE, RENAME, DELETE -> true;
            case EXISTS, EXPUNGE, FETCH -> false;
        };
    }

    private Messages messages() {
        return store.messages();
    }

    void close() {
        accounts.values().forEach(a -> {
            if (a.watch != null) {
                a.watch.close();
            }
        });
        accounts.clear();
    }
}
