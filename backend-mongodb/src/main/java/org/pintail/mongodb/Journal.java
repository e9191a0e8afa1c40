package org.pintail.mongodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.ObjectId;

/// The journal (data model §7). The id of an entry is the one after the last entry of the account, and whoever wants the same id second
/// asks again: so a reader who has seen an entry has seen all before it, whatever the clocks of the nodes say.
final class Journal {
    private static final int AT_ONCE = 500;
    private static final int RANDOM_BITS = 20;
    private static final int PROBES = 3; // ids that others may have taken since
    private static final int MOST_RECENT = 50_000;
    private static final Duration RECENT = Duration.ofMinutes(1); // far less than entries are kept
    private final Table table;
    private final Clock clock;
    private final Cache<AccountId, ObjectId> recent =
            Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_RECENT).expireAfterWrite(RECENT).build();
    private final Turns turns = new Turns();

    Journal(Databases databases, Clock clock) {
        this.table = databases.table("journal");
        this.clock = clock;
    }

    /// An entry about a message of a step.
    Document about(Kind kind, Box box, Step.Item item, long modSeq, @Nullable String session) {
        var entry = Document.of(
                "user", box.account().value(),
                "mailbox", box.id().value(),
                "command", kind.name(),
                "uid", item.uid(),
                "message", item.message(),
                "modseq", modSeq,
                "thread", item.thread(),
                "flags", item.flags().names(),
                "unseen", !item.flags().has(Flags.SEEN),
                "unseenChange", item.unseenChange());
        return session == null ? entry : entry.with("ignore", session);
    }

    Document about(Kind kind, AccountId account, MailboxId mailbox, long modSeq, @Nullable String path) {
        return Document.of(
                "user", account.value(), "mailbox", mailbox.value(), "command", kind.name(), "uid", 0, "modseq", modSeq, "path", path);
    }

    boolean knows(MailboxId mailbox, long modSeq) {
        return table.first(Table.Query.of(Document.of("mailbox", mailbox.value(), "modseq", modSeq)).fields("_id")).isPresent();
    }

    /// Adds entries of one account, in order. Threads of one process take turns; between processes the ids decide.
    void add(AccountId account, List<Document> entries) {
        turns.take(account, () -> {
            int done = 0;
            while (done < entries.size()) {
                done += addSome(account, entries.subList(done, Math.min(entries.size(), done + AT_ONCE)));
            }
            return done;
        });
    }

    /// Adds entries of several accounts, each account's in order: the first of each with one command, then the second of each, and so on, where the
    /// last entry of the account is known.
    void add(Map<AccountId, List<Document>> entries) {
        var left = new LinkedHashMap<AccountId, List<Document>>();
        entries.forEach((account, some) -> left.put(account, new ArrayList<>(some)));
        while (!left.isEmpty()) {
            var guessed = new ArrayList<Document>();
            left.entrySet().removeIf(e -> {
                @Nullable ObjectId seen = recent.getIfPresent(e.getKey());
                if (seen == null) {
                    add(e.getKey(), e.getValue());
                    return true;
                }
                guessed.add(Document.of("_id", next(seen), "created", clock.instant()).with(e.getValue().removeFirst()));
                return e.getValue().isEmpty();
            });
            addGuessed(guessed);
        }
    }

    /// Where others were faster, the ids after theirs are tried, and at last the end of the journal is looked up.
    private void addGuessed(List<Document> guessed) {
        var missing = guessed;
        for (int probe = 0; probe < PROBES && !missing.isEmpty(); probe++) {
            var taken = table.insertFree(missing);
            var again = new ArrayList<Document>();
            for (int i = 0; i < missing.size(); i++) {
                var entry = missing.get(i);
                if (taken.contains(i)) {
                    again.add(entry.with("_id", next(entry.id())));
                } else {
                    remember(entry);
                }
            }
            missing = again;
        }
        for (var entry : missing) {
            recent.invalidate(account(entry));
            add(account(entry), List.of(entry.without("_id", "created")));
        }
    }

    private static AccountId account(Document entry) {
        return new AccountId(entry.objectId("user").orElseThrow());
    }

    /// Ids of an account have no gaps, so that the free one is the one after the last.
    private void remember(Document entry) {
        recent.asMap().merge(account(entry), entry.id(), (seen, now) -> now.compareTo(seen) > 0 ? now : seen);
    }

    /// What this process added last is taken for the last entry; where somebody else was faster that id is taken, and then it is looked up.
    private int addSome(AccountId account, List<Document> entries) {
        @Nullable ObjectId seen = recent.getIfPresent(account);
        recent.invalidate(account);
        var last = seen == null ? last(account) : Optional.of(seen);
        var id = last.map(Journal::next).orElseGet(this::first);
        var batch = new ArrayList<Document>();
        for (var entry : entries) {
            batch.add(Document.of("_id", id, "created", clock.instant()).with(entry));
            id = next(id);
        }
        int added = table.insertInOrder(batch);
        if (added == batch.size()) {
            recent.put(account, batch.getLast().id());
        }
        return added;
    }

    private static ObjectId next(ObjectId id) {
        int low = id.low() + 1;
        return new ObjectId(low == 0 ? id.high() + 1 : id.high(), low);
    }

    /// Where the entries of an account start: far from those of others.
    private ObjectId first() {
        var random = ThreadLocalRandom.current();
        long seconds = clock.instant().getEpochSecond() & 0xffff_ffffL;
        return new ObjectId(seconds << 32 | random.nextInt() & 0xffff_ffffL, random.nextInt() << RANDOM_BITS);
    }

    Optional<ObjectId> last(AccountId account) {
        return table.first(Table.Query.of(Document.of("user", account.value())).fields("_id").sort("_id", -1)).map(Document::id);
    }

    List<JournalEntry> after(AccountId account, @Nullable ObjectId place, int limit) {
        var filter = Document.of("user", account.value());
        if (place != null) {
            filter = filter.with("_id", Document.of("$gt", place));
        }
        return limit <= 0
                ? List.of()
                : table.all(Table.Query.of(filter).sort("_id", 1).limit(limit)).stream().flatMap(d -> entry(d).stream()).toList();
    }

    private static Optional<JournalEntry> entry(Document d) {
        var kind = kind(d.string("command", ""));
        var account = d.objectId("user");
        var mailbox = d.objectId("mailbox");
        if (kind.isEmpty() || account.isEmpty() || mailbox.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new JournalEntry(
                d.id(),
                new AccountId(account.get()),
                kind.get(),
                new MailboxId(mailbox.get()),
                d.number("uid"),
                d.number("modseq"),
                d.objectId("message").map(MessageId::new).orElse(null),
                d.objectId("thread").orElse(null),
                d.has("flags") ? RowDocument.flags(d.strings("flags")) : null,
                d.bool("unseenChange"),
                d.string("path").orElse(null),
                d.string("ignore").orElse(null)));
    }

    private static Optional<Kind> kind(String command) {
        for (var kind : Kind.values()) {
            if (kind.name().equals(command.toUpperCase(Locale.ROOT))) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    void forget(AccountId account) {
        recent.invalidate(account);
        table.deleteAll(Document.of("user", account.value()));
    }
}
