package org.pintail.backend.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxChanges.Expunged;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mime.Source;

/// The messages of [MailState].
final class MemoryMessages implements Messages {
    private final MailState state;

    MemoryMessages(MailState state) {
        this.state = state;
    }

    @Override
    public List<MessageRow> append(List<NewMessage> messages) {
        var arrivals = new ArrayList<Arrival>();
        for (var m : messages) {
            arrivals.add(Arrival.of(m));
        }
        return state.step(() -> {
            refuse(messages);
            return arrivals.stream().map(a -> a.into(state)).toList();
        });
    }

    private void refuse(List<NewMessage> messages) {
        var ids = new HashSet<MessageId>();
        for (var m : messages) {
            if (!state.box(m.mailbox()).mailbox().account().equals(m.account())) {
                throw new StoreException.Missing("mailbox " + m.mailbox() + " of account " + m.account());
            }
            var account = state.account(m.account());
            refuseOver(account, m.quota());
            if (!ids.add(m.id()) || account.byId.containsKey(m.id())) {
                throw new StoreException.Duplicate("_id_");
            }
        }
    }

    private static void refuseOver(MailState.Holdings account, long quota) {
        if (quota > 0 && account.usage >= quota) {
            throw new StoreException.OverQuota("usage " + account.usage + " of " + quota);
        }
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox) {
        return rows(mailbox, 1, Long.MAX_VALUE, true, Integer.MAX_VALUE);
    }

    @Override
    public Optional<MessageRow> row(MailboxId mailbox, long uid) {
        return state.read(() -> Optional.ofNullable(state.box(mailbox).messages.get(uid)).map(Box.Stored::row));
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox, long first, long last, boolean ascending, int limit) {
        if (first > last) {
            return List.of();
        }
        return state.read(() -> {
            NavigableMap<Long, Box.Stored> range = state.box(mailbox).messages.subMap(first, true, last, true);
            return (ascending ? range : range.descendingMap())
                    .values().stream().limit(limit).map(Box.Stored::row).toList();
        });
    }

    @Override
    public Optional<MessageRow> find(AccountId account, MessageId id) {
        return state.read(() -> {
            var known = state.knownAccount(account);
            return known == null ? Optional.empty() : Optional.ofNullable(known.byId.get(id));
        });
    }

    @Override
    public MailboxChanges changes(MailboxId mailbox, long sinceModSeq) {
        return state.read(() -> {
            var box = state.box(mailbox);
            var now = box.mailbox();
            var changed = box.messages.values().stream()
                    .map(Box.Stored::row)
                    .filter(r -> r.modSeq() > sinceModSeq)
                    .toList();
            var expunged = box.expunged.stream()
                    .filter(e -> e.modSeq() > sinceModSeq)
                    .sorted(Comparator.comparingLong(Expunged::uid))
                    .toList();
            return new MailboxChanges(now.highestModSeq(), now.uidNext(), changed, expunged);
        });
    }

    @Override
    public MessageContent content(MessageRow row) {
        return state.read(() -> content(stored(row)
                .orElseThrow(() -> new StoreException.Missing("message " + row.id()))));
    }

    private MessageContent content(Box.Stored m) {
        var shared = shared(m.row());
        return new MessageContent(
                m.row().content(), shared.envelope, shared.bodyStructure, shared.partMap, m.details());
    }

    private MailState.Content shared(MessageRow row) {
        var content = state.contents.get(row.content());
        if (content == null) {
            throw new StoreException.Missing("message " + row.id());
        }
        return content;
    }

    /// The message that the row was read from, if it is still there.
    private Optional<Box.Stored> stored(MessageRow row) {
        return Optional.ofNullable(state.boxes.get(row.mailbox()))
                .map(box -> box.messages.get(row.uid()))
                .filter(m -> m.row().id().equals(row.id()));
    }

    @Override
    public Source open(MessageRow row) {
        return state.read(() -> shared(row).source);
    }

    @Override
    public FlagsChanged changeFlags(
            MailboxId mailbox,
            Collection<Long> uids,
            UnaryOperator<Flags> change,
            long unchangedSince,
            @Nullable String session) {
        var wanted = Set.copyOf(uids);
        return state.step(() -> {
            var box = state.box(mailbox);
            return new FlagStep(state, box, session).run(wanted::contains, change, unchangedSince);
        });
    }

    @Override
    public List<Copied> copy(MailboxId from, List<Long> uids, MailboxId to, long quota, @Nullable String session) {
        return state.step(() -> {
            var source = state.box(from);
            var target = state.box(to);
            refuseOver(state.account(target.mailbox().account()), quota);
            return copies(there(source, uids), target, session);
        });
    }

    @Override
    public List<Copied> move(MailboxId from, List<Long> uids, MailboxId to, @Nullable String session) {
        return state.step(() -> {
            var source = state.box(from);
            var target = state.box(to);
            var leaving = there(source, uids);
            var copied = copies(leaving, target, session);
            remove(source, leaving, session);
            return copied;
        });
    }

    private static List<Box.Stored> there(Box box, List<Long> uids) {
        var found = new ArrayList<Box.Stored>();
        for (var uid : new TreeSet<>(uids)) {
            var m = box.messages.get(uid);
            if (m != null) {
                found.add(m);
            }
        }
        return found;
    }

    private List<Copied> copies(List<Box.Stored> messages, Box target, @Nullable String session) {
        var id = target.mailbox().account();
        var account = state.account(id);
        var copied = new ArrayList<Copied>();
        for (var m : messages) {
            var row = Rows.copied(m.row(), target.mailbox().id(), target.nextUid(), target.nextModSeq());
            var content = shared(row);
            content.messages++;
            content.pieces.forEach(p -> state.pieces.share(p.sha256Hex()));
            target.add(new Box.Stored(row, m.details()));
            account.byId.put(row.id(), row);
            account.usage += row.size();
            account.journal.exists(row, session);
            copied.add(new Copied(m.row().uid(), row));
            state.touch(id);
        }
        return copied;
    }

    @Override
    public List<Long> expunge(MailboxId mailbox, List<Long> uids, @Nullable String session) {
        return state.step(() -> {
            var box = state.box(mailbox);
            return remove(box, there(box, uids), session);
        });
    }

    private List<Long> remove(Box box, List<Box.Stored> leaving, @Nullable String session) {
        if (leaving.isEmpty()) {
            return List.of();
        }
        var id = box.mailbox().account();
        var account = state.account(id);
        long modSeq = box.nextModSeq();
        for (var m : leaving) {
            box.remove(m.row(), modSeq);
            state.release(account, m.row());
            account.journal.expunge(m.row(), modSeq, session);
        }
        state.touch(id);
        return leaving.stream().map(m -> m.row().uid()).toList();
    }

    @Override
    public Optional<MessageContent> updateDetails(MessageRow row, UnaryOperator<Document> change) {
        return state.step(() -> stored(row).map(m -> {
            var details = Arrival.kept(change.apply(m.details()));
            var updated = new Box.Stored(m.row(), details);
            state.box(row.mailbox()).replace(updated);
            return content(updated);
        }));
    }

    @Override
    public long usage(AccountId account) {
        return state.read(() -> {
            var known = state.knownAccount(account);
            return known == null ? 0L : known.usage;
        });
    }

    @Override
    public List<JournalEntry> journal(AccountId account, @Nullable ObjectId after, int limit) {
        return state.read(() -> {
            var known = state.knownAccount(account);
            return known == null ? List.of() : known.journal.after(after, limit);
        });
    }

    @Override
    public Optional<ObjectId> lastJournalEntry(AccountId account) {
        return state.read(() -> {
            var known = state.knownAccount(account);
            return known == null ? Optional.empty() : known.journal.last();
        });
    }

    @Override
    public void deleteAll(AccountId account) {
        state.step(() -> {
            new MemoryMailboxes(state).removeAll(account);
            return account;
        });
    }
}
