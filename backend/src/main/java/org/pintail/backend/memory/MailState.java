package org.pintail.backend.memory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Events;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mime.Rebuilt;
import org.pintail.mime.Source;

/// Accounts, mailboxes, messages and contents, and the lock they are used under.
final class MailState {
    final Pieces pieces;
    final Map<MailboxId, Box> boxes = new HashMap<>();
    final Map<ObjectId, Content> contents = new HashMap<>();
    private final Map<AccountId, Holdings> accounts = new HashMap<>();
    private final Map<AccountId, Long> validities = new HashMap<>();
    private final Clock clock;
    private final Events events;
    private final Set<AccountId> touched = new LinkedHashSet<>();
    private long steps;

    /// What one account has.
    static final class Holdings {
        final TreeMap<String, MailboxId> paths = new TreeMap<>();
        final Map<MessageId, MessageRow> byId = new HashMap<>();
        final Journal journal;
        long usage;

        Holdings(Journal journal) {
            this.journal = journal;
        }
    }

    /// A piece as [Rebuilt.Piece] has it, and its name.
    record Piece(String sha256Hex, Rebuilt.Piece piece) {}

    /// What copies share. It goes with the last of the `messages` that have it.
    static final class Content {
        final Bytes envelope;
        final Bytes bodyStructure;
        final Bytes partMap;
        final List<Piece> pieces;
        final Source source;
        int messages;

        Content(Bytes envelope, Bytes bodyStructure, Bytes partMap, Source head, Source skeleton, List<Piece> pieces) {
            this.envelope = envelope;
            this.bodyStructure = bodyStructure;
            this.partMap = partMap;
            this.pieces = List.copyOf(pieces);
            var body = pieces.isEmpty()
                    ? skeleton
                    : new Rebuilt(skeleton, pieces.stream().map(Piece::piece).toList());
            this.source = head.size() == 0 ? body : Source.concat(head, body);
        }
    }

    MailState(Clock clock, Pieces pieces, Events events) {
        this.clock = clock;
        this.pieces = pieces;
        this.events = events;
    }

    /// Runs one step under the lock, then wakes the watchers of every account it touched. A step checks everything before it changes
    /// anything, so that one that throws has changed nothing.
    <T> T step(Supplier<T> work) {
        List<AccountId> woken;
        T result;
        synchronized (this) {
            touched.clear();
            result = work.get();
            steps++;
            woken = new ArrayList<>(touched);
        }
        woken.forEach(events::publish);
        return result;
    }

    synchronized <T> T read(Supplier<T> work) {
        return work.get();
    }

    synchronized long steps() {
        return steps;
    }

    void touch(AccountId account) {
        touched.add(account);
    }

    Holdings account(AccountId id) {
        return accounts.computeIfAbsent(id, a -> new Holdings(new Journal(a, clock)));
    }

    @Nullable Holdings knownAccount(AccountId id) {
        return accounts.get(id);
    }

    void forget(AccountId id) {
        accounts.remove(id);
    }

    Box box(MailboxId id) {
        var box = boxes.get(id);
        if (box == null) {
            throw new StoreException.Missing("mailbox " + id);
        }
        return box;
    }

    /// Seconds by the clock, and more than the account ever had: so neither a path that is created again nor one that a renamed
    /// mailbox takes over sees a value twice.
    long nextUidValidity(AccountId account) {
        return validities.merge(account, clock.instant().getEpochSecond(), (last, now) -> Math.max(last + 1, now));
    }

    void usedUidValidity(AccountId account, long value) {
        validities.merge(account, value, Math::max);
    }

    /// A message leaves: the account's sums, and the content with its pieces when it was the last.
    void release(Holdings of, MessageRow row) {
        of.usage -= row.size();
        of.byId.remove(row.id());
        var content = contents.get(row.content());
        if (content == null) {
            throw new StoreException.Corrupt("message " + row.id() + " without content");
        }
        content.pieces.forEach(p -> pieces.release(p.sha256Hex()));
        content.messages--;
        if (content.messages == 0) {
            contents.remove(row.content());
        }
    }
}
