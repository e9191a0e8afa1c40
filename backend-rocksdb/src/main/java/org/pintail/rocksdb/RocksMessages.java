package org.pintail.rocksdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Renderings;
import org.pintail.backend.StoreException;
import org.pintail.mime.Source;

/// Messages over [Committer] (changes) and [Db] (reads of what is committed).
final class RocksMessages implements Messages {
    /// As many are read where they are asked for: a millisecond at most, where they are in memory.
    private static final int FEW_ROWS = 1000;

    private final Db db;
    private final Committer committer;
    private final Ledger ledger;
    private final Bodies bodies;
    private final Reads reads;
    private final RocksMailboxes mailboxes;
    private final RecentSteps steps = new RecentSteps();
    /// How often what happened had to be read from the index.
    final AtomicLong changesRead = new AtomicLong();

    RocksMessages(Db db, Committer committer, Ledger ledger, Bodies bodies, Reads reads, RocksMailboxes mailboxes) {
        this.db = db;
        this.committer = committer;
        this.ledger = ledger;
        this.bodies = bodies;
        this.reads = reads;
        this.mailboxes = mailboxes;
    }

    @Override
    public List<MessageRow> append(List<NewMessage> messages) {
        var arrivals = messages.stream().map(m -> bodies.prepare(m, false)).toList();
        try {
            return committer.commitGrowing(txn -> append(txn, arrivals));
        } catch (Bodies.AttachmentGone e) {
            // collected between our look and the commit: bring the bytes this time
            var whole = messages.stream().map(m -> bodies.prepare(m, true)).toList();
            return committer.commitGrowing(txn -> append(txn, whole));
        }
    }

    private List<MessageRow> append(Txn txn, List<Bodies.Arrival> arrivals) {
        var ids = new HashSet<MessageId>();
        for (var arrival : arrivals) {
            check(txn, arrival.message(), ids);
        }
        bodies.requireAttachments(txn, arrivals);
        var rows = new ArrayList<MessageRow>();
        for (var arrival : arrivals) {
            var m = arrival.message();
            var box = Ledger.mailbox(txn, m.mailbox());
            var content = bodies.store(txn, arrival);
            var row = new MessageRow(
                    m.id(), m.mailbox(), box.uidNext(), box.highestModSeq() + 1, m.flags(), m.size(), m.internalDate(), m.sentDate(),
                    m.thread(), m.id().value(), content, m.hasAttachments());
            Ledger.put(txn, ledger.add(txn, box, row, m.session()));
            txn.touch(m.account());
            steps.note(txn, m.mailbox(), RecentSteps.Step.came(List.of(row)));
            rows.add(row);
        }
        return rows;
    }

    private static void check(Txn txn, NewMessage m, HashSet<MessageId> ids) {
        if (!Ledger.mailbox(txn, m.mailbox()).account().equals(m.account())) {
            throw new StoreException.Missing("mailbox " + m.mailbox() + " of account " + m.account());
        }
        checkQuota(txn, m.account(), m.quota());
        if (!ids.add(m.id()) || txn.get(Family.MESSAGES, Keys.id(m.id().value())) != null) {
            throw new StoreException.Duplicate("_id_");
        }
    }

    private static void checkQuota(Txn txn, AccountId account, long quota) {
        long usage = txn.number(Family.USAGE, Keys.id(account.value()));
        if (quota > 0 && usage >= quota) {
            throw new StoreException.OverQuota("usage " + usage + " of " + quota);
        }
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox) {
        steps.follow(mailbox);
        return rows(mailbox, 1, Long.MAX_VALUE, true, Integer.MAX_VALUE);
    }

    @Override
    public Optional<MessageRow> row(MailboxId mailbox, long uid) {
        mailboxes.require(mailbox);
        return Optional.ofNullable(new CurrentRows(db).at(mailbox, uid)).map(StoredRow::row);
    }

    @Override
    public List<MessageRow> rows(MailboxId mailbox, long first, long last, boolean ascending, int limit) {
        mailboxes.require(mailbox);
        if (first > last || limit <= 0) {
            return List.of();
        }
        var low = Keys.idAndNumber(mailbox.value(), Math.max(0, first));
        var high = Keys.idAndNumber(mailbox.value(), last);
        Supplier<List<MessageRow>> read = () -> db.view(view -> {
            var current = new CurrentRows(view);
            var rows = new ArrayList<MessageRow>();
            view.scan(Family.ROWS, ascending ? low : high, ascending, (key, value) -> {
                boolean inside = java.util.Arrays.compareUnsigned(key, low) >= 0 && java.util.Arrays.compareUnsigned(key, high) <= 0;
                if (inside) {
                    rows.add(current.of(key, value).row());
                }
                return inside && rows.size() < limit;
            });
            return rows;
        });
        return last - first < FEW_ROWS || limit < FEW_ROWS ? read.get() : reads.run(read);
    }

    @Override
    public Optional<MessageRow> find(AccountId account, MessageId id) {
        var place = db.get(Family.MESSAGES, Keys.id(id.value()));
        if (place == null || !Keys.idAt(place, 0).equals(account.value())) {
            return Optional.empty();
        }
        var key = java.util.Arrays.copyOfRange(place, Keys.ID, place.length);
        if (mailboxes.find(new MailboxId(Keys.idAt(key, 0))).isEmpty()) {
            return Optional.empty();
        }
        var mailbox = new MailboxId(Keys.idAt(key, 0));
        return Optional.ofNullable(new CurrentRows(db).at(mailbox, Keys.numberAt(key, Keys.ID))).map(StoredRow::row);
    }

    @Override
    public MailboxChanges changes(MailboxId mailbox, long sinceModSeq) {
        var known = steps.since(mailboxes.require(mailbox), sinceModSeq);
        if (known.isPresent()) {
            return known.get();
        }
        steps.follow(mailbox);
        changesRead.incrementAndGet();
        return reads.run(() -> db.view(view -> new ChangesSince(view, mailbox, sinceModSeq).read(db.life())));
    }

    @Override
    public MessageContent content(MessageRow row) {
        requireRow(row);
        return bodies.content(row);
    }

    @Override
    public Renderings renderings(MessageRow row) {
        return bodies.renderings(row);
    }

    @Override
    public Document details(MessageRow row, Set<String> names) {
        requireRow(row);
        return bodies.details(row, names);
    }

    @Override
    public Described described(MessageRow row, Set<String> names) {
        return bodies.described(row, names);
    }

    @Override
    public Source open(MessageRow row) {
        return bodies.open(row);
    }

    private void requireRow(MessageRow row) {
        if (db.get(Family.MESSAGES, Keys.id(row.id().value())) == null) {
            throw new StoreException.Missing("message " + row.id());
        }
    }

    @Override
    public FlagsChanged changeFlags(
            MailboxId mailbox, Collection<Long> uids, UnaryOperator<Flags> change, long unchangedSince, @Nullable String session) {
        return uids.isEmpty()
                ? nothingChanged(mailbox)
                : committer.commit(txn -> flags(txn, mailbox, uids, change, unchangedSince, session));
    }

    @Override
    public FlagsChanged changeFlagsSoon(
            MailboxId mailbox, Collection<Long> uids, UnaryOperator<Flags> change, long unchangedSince, @Nullable String session) {
        return uids.isEmpty()
                ? nothingChanged(mailbox)
                : committer.commitSoon(txn -> flags(txn, mailbox, uids, change, unchangedSince, session));
    }

    private FlagsChanged flags(
            Txn txn, MailboxId mailbox, Collection<Long> uids, UnaryOperator<Flags> change, long unchangedSince, @Nullable String session) {
        var done = FlagStep.run(txn, ledger, mailbox, uids, change, unchangedSince, session);
        if (!done.changed().isEmpty()) {
            steps.note(txn, mailbox, RecentSteps.Step.flagged(done.changed()));
        }
        return done;
    }

    private FlagsChanged nothingChanged(MailboxId mailbox) {
        mailboxes.require(mailbox);
        return new FlagsChanged(List.of(), List.of());
    }

    @Override
    public List<Copied> copy(MailboxId from, List<Long> uids, MailboxId to, long quota, @Nullable String session) {
        return committer.commitGrowing(txn -> {
            Ledger.mailbox(txn, from);
            checkQuota(txn, Ledger.mailbox(txn, to).account(), quota);
            return copies(txn, Ledger.rows(txn, from, uids), to, session);
        });
    }

    private List<Copied> copies(Txn txn, List<StoredRow> rows, MailboxId to, @Nullable String session) {
        return into(txn, rows, to, (box, row, copy) -> {
            Ledger.share(txn, row.content());
            var details = txn.get(Family.DETAILS, Keys.id(row.id().value()));
            if (details != null) {
                txn.put(Family.DETAILS, Keys.id(copy.id().value()), details);
            }
            return ledger.add(txn, box, copy, session);
        });
    }

    /// How a message comes into a mailbox; returns what the mailbox is then.
    private interface Coming {
        Mailbox come(Mailbox box, MessageRow row, MessageRow copy);
    }

    private List<Copied> into(Txn txn, List<StoredRow> rows, MailboxId to, Coming coming) {
        var copied = new ArrayList<Copied>();
        var box = Ledger.mailbox(txn, to);
        for (var stored : rows) {
            var row = stored.row();
            var copy = Rows.copied(row, to, box.uidNext(), box.highestModSeq() + 1);
            box = coming.come(box, row, copy);
            copied.add(new Copied(row.uid(), copy));
        }
        Ledger.put(txn, box);
        txn.touch(box.account());
        if (!copied.isEmpty()) {
            steps.note(txn, to, RecentSteps.Step.came(copied.stream().map(Copied::row).toList()));
        }
        return copied;
    }

    @Override
    public List<Copied> move(MailboxId from, List<Long> uids, MailboxId to, @Nullable String session) {
        // not refused while the disk is nearly full: moving to the trash is how most people delete
        return committer.commit(txn -> {
            var owner = Ledger.mailbox(txn, from).account();
            boolean stays = Ledger.mailbox(txn, to).account().equals(owner);
            var leaving = Ledger.rows(txn, from, uids);
            var copied = stays ? arrivals(txn, leaving, to, session) : copies(txn, leaving, to, session);
            remove(txn, from, leaving, stays, session);
            return copied;
        });
    }

    /// Messages that go to another mailbox of their account take their contents and details along: neither shares nor usage change.
    private List<Copied> arrivals(Txn txn, List<StoredRow> rows, MailboxId to, @Nullable String session) {
        return into(txn, rows, to, (box, row, copy) -> {
            var details = txn.get(Family.DETAILS, Keys.id(row.id().value()));
            if (details != null) {
                txn.delete(Family.DETAILS, Keys.id(row.id().value()));
                txn.put(Family.DETAILS, Keys.id(copy.id().value()), details);
            }
            return ledger.arrive(txn, box, copy, session);
        });
    }

    @Override
    public List<Long> expunge(MailboxId mailbox, List<Long> uids, @Nullable String session) {
        return committer.commit(txn -> {
            Ledger.mailbox(txn, mailbox);
            return remove(txn, mailbox, Ledger.rows(txn, mailbox, uids), false, session);
        });
    }

    /// `kept`: by their account, in another mailbox.
    private List<Long> remove(Txn txn, MailboxId mailbox, List<StoredRow> leaving, boolean kept, @Nullable String session) {
        if (leaving.isEmpty()) {
            return List.of();
        }
        var box = Ledger.mailbox(txn, mailbox);
        long modSeq = box.highestModSeq() + 1;
        var flags = new FlagBlocks(txn, mailbox);
        for (var stored : leaving) {
            box = kept ? ledger.leave(txn, box, stored, modSeq, session) : ledger.remove(txn, box, stored, modSeq, session);
            flags.remove(stored.row().uid());
        }
        flags.flush();
        Ledger.put(txn, box);
        txn.touch(box.account());
        var uids = leaving.stream().map(stored -> stored.row().uid()).toList();
        steps.note(txn, mailbox, RecentSteps.Step.gone(uids, modSeq));
        return uids;
    }

    @Override
    public Optional<MessageContent> updateDetails(MessageRow row, UnaryOperator<Document> change) {
        var before = db.get(Family.MESSAGES, Keys.id(row.id().value()));
        if (before == null) {
            return Optional.empty();
        }
        while (true) {
            var seen = bodies.content(row);
            var after = DocumentCodec.encode(change.apply(seen.details()));
            var seenBytes = DocumentCodec.encode(seen.details());
            boolean done = committer.commitGrowing(txn -> {
                var key = Keys.id(row.id().value());
                if (txn.get(Family.MESSAGES, key) == null) {
                    throw new StoreException.Missing("message " + row.id());
                }
                var now = txn.get(Family.DETAILS, key);
                if (now != null && !java.util.Arrays.equals(now, seenBytes)) {
                    return false; // somebody else changed them meanwhile
                }
                txn.put(Family.DETAILS, key, after);
                return true;
            });
            if (done) {
                return Optional.of(bodies.content(row));
            }
        }
    }

    @Override
    public long usage(AccountId account) {
        var value = db.get(Family.USAGE, Keys.id(account.value()));
        return value == null ? 0 : Keys.number(value);
    }

    @Override
    public List<JournalEntry> journal(AccountId account, @Nullable ObjectId after, int limit) {
        var prefix = Keys.id(account.value());
        var from = after == null ? prefix : Keys.join(Keys.ids(account.value(), after), new byte[1]);
        var entries = new ArrayList<JournalEntry>();
        var ids = new JournalIds(db);
        db.scan(Family.JOURNAL, from, true, (key, value) -> {
            boolean mine = Keys.begins(key, prefix) && entries.size() < limit;
            if (mine && FlagEntries.isRecord(value)) {
                entries.addAll(FlagEntries.decode(key, value, after, limit - entries.size(), ids));
            } else if (mine) {
                entries.add(JournalCodec.decode(key, value));
            }
            return mine;
        });
        return entries;
    }

    @Override
    public Optional<ObjectId> lastJournalEntry(AccountId account) {
        var last = new ArrayList<ObjectId>(1);
        db.scan(Family.JOURNAL, Keys.ids(account.value(), new ObjectId(-1, -1)), false, (key, _) -> {
            if (Keys.begins(key, Keys.id(account.value()))) {
                last.add(Keys.idAt(key, Keys.ID));
            }
            return false;
        });
        return last.stream().findFirst();
    }

    @Override
    public void deleteAll(AccountId account) {
        for (var mailbox : mailboxes.list(account)) {
            mailboxes.delete(mailbox.id());
        }
        committer.commit(txn -> {
            txn.delete(Family.USAGE, Keys.id(account.value()));
            txn.keys(Family.JOURNAL, Keys.id(account.value()), Integer.MAX_VALUE).forEach(key -> txn.delete(Family.JOURNAL, key));
            txn.touch(account);
            return true;
        });
    }

    static StoreException unreadable(String what, IOException e) {
        return new StoreException.Unavailable(what + " cannot be read: " + e.getMessage(), e);
    }
}
