package org.pintail.rocksdb;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.StoreException;

/// Mailboxes over [Committer] and [Db].
final class RocksMailboxes implements Mailboxes {
    private static final int PURGED_AT_ONCE = 500;
    private static final String PATH_INDEX = "user_path";
    private final Db db;
    private final Committer committer;
    private final Ledger ledger;
    private final Clock clock;

    RocksMailboxes(Db db, Committer committer, Ledger ledger, Clock clock) {
        this.db = db;
        this.committer = committer;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public Mailbox create(New m) {
        return committer.commitGrowing(txn -> {
            var path = Keys.idAndText(m.account().value(), m.path());
            if (txn.get(Family.PATHS, path) != null) {
                throw new StoreException.Duplicate(PATH_INDEX);
            }
            var box = new Mailbox(
                    MailboxId.next(), m.account(), m.path(), m.specialUse(), nextUidValidity(txn, m.account()), 1, 1, m.subscribed(),
                    m.hidden(), m.encryptMessages(), m.retention(), List.of(), 0, 0, 0);
            txn.put(Family.PATHS, path, Keys.id(box.id().value()));
            Ledger.put(txn, box);
            ledger.mailboxEntry(txn, m.account(), Kind.CREATE, box.id(), 1, m.path());
            txn.touch(m.account());
            return box;
        });
    }

    /// A mailbox as it was in another engine, empty.
    void restore(Mailbox m) {
        committer.commitGrowing(txn -> {
            if (txn.get(Family.MAILBOXES, Keys.id(m.id().value())) != null) {
                return false;
            }
            var path = Keys.idAndText(m.account().value(), m.path());
            if (txn.get(Family.PATHS, path) != null) {
                throw new StoreException.Duplicate(PATH_INDEX);
            }
            var used = Keys.join(Keys.text("uidvalidity."), Keys.id(m.account().value()));
            txn.put(Family.META, used, Keys.number(Math.max(txn.number(Family.META, used), m.uidValidity())));
            txn.put(Family.PATHS, path, Keys.id(m.id().value()));
            Ledger.put(txn, new Mailbox(
                    m.id(), m.account(), m.path(), m.specialUse(), m.uidValidity(), m.uidNext(), m.highestModSeq(), m.subscribed(),
                    m.hidden(), m.encryptMessages(), m.retention(), m.keywords(), 0, 0, 0));
            return true;
        });
    }

    private long nextUidValidity(Txn txn, AccountId account) {
        var key = Keys.join(Keys.text("uidvalidity."), Keys.id(account.value()));
        long next = Math.max(clock.instant().getEpochSecond(), txn.number(Family.META, key) + 1);
        txn.put(Family.META, key, Keys.number(next));
        return next;
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        var key = Keys.id(id.value());
        return Optional.ofNullable(db.get(Family.MAILBOXES, key)).map(value -> MailboxCodec.decode(key, value, db.life()));
    }

    Mailbox require(MailboxId id) {
        return find(id).orElseThrow(() -> new StoreException.Missing("mailbox " + id));
    }

    @Override
    public Optional<Mailbox> find(AccountId account, String path) {
        return Optional.ofNullable(db.get(Family.PATHS, Keys.idAndText(account.value(), path)))
                .flatMap(id -> find(new MailboxId(Keys.idAt(id, 0))));
    }

    @Override
    public List<Mailbox> list(AccountId account) {
        var prefix = Keys.id(account.value());
        var found = new ArrayList<Mailbox>();
        db.scan(Family.PATHS, prefix, true, (key, id) -> {
            boolean mine = Keys.begins(key, prefix);
            if (mine) {
                find(new MailboxId(Keys.idAt(id, 0))).ifPresent(found::add);
            }
            return mine;
        });
        return found;
    }

    @Override
    public void rename(List<Renaming> renamings) {
        committer.commitGrowing(txn -> {
            var boxes = new ArrayList<Mailbox>();
            var seen = new HashSet<MailboxId>();
            for (var r : renamings) {
                if (!seen.add(r.mailbox())) {
                    throw new IllegalArgumentException("a mailbox is renamed twice in one step");
                }
                var box = Ledger.mailbox(txn, r.mailbox());
                boxes.add(box);
                txn.delete(Family.PATHS, Keys.idAndText(box.account().value(), box.path()));
            }
            for (int i = 0; i < boxes.size(); i++) {
                rename(txn, boxes.get(i), renamings.get(i).path());
            }
            return true;
        });
    }

    private void rename(Txn txn, Mailbox m, String path) {
        var key = Keys.idAndText(m.account().value(), path);
        if (txn.get(Family.PATHS, key) != null) {
            throw new StoreException.Duplicate(PATH_INDEX);
        }
        txn.put(Family.PATHS, key, Keys.id(m.id().value()));
        Ledger.put(txn, changed(m, path, m.subscribed(), m.hidden(), m.encryptMessages(), m.retention()));
        ledger.mailboxEntry(txn, m.account(), Kind.RENAME, m.id(), m.highestModSeq(), path);
        txn.touch(m.account());
    }

    @Override
    public Mailbox update(MailboxId id, Changes c) {
        return committer.commit(txn -> {
            var m = Ledger.mailbox(txn, id);
            var after = changed(
                    m, m.path(), or(c.subscribed(), m.subscribed()), or(c.hidden(), m.hidden()), or(c.encryptMessages(), m.encryptMessages()),
                    or(c.retention(), m.retention()));
            Ledger.put(txn, after);
            txn.touch(m.account());
            return after;
        });
    }

    private static <T> T or(@Nullable T changed, T otherwise) {
        return changed == null ? otherwise : changed;
    }

    private static Mailbox changed(Mailbox m, String path, boolean subscribed, boolean hidden, boolean encrypt, long retention) {
        return new Mailbox(
                m.id(), m.account(), path, m.specialUse(), m.uidValidity(), m.uidNext(), m.highestModSeq(), subscribed, hidden, encrypt,
                retention, m.keywords(), m.messages(), m.unseen(), m.size());
    }

    @Override
    public void delete(MailboxId id) {
        committer.commit(txn -> {
            var m = Ledger.mailbox(txn, id);
            txn.delete(Family.MAILBOXES, Keys.id(id.value()));
            txn.delete(Family.PATHS, Keys.idAndText(m.account().value(), m.path()));
            txn.put(Family.PURGES, Keys.id(id.value()), Keys.id(m.account().value()));
            Ledger.addUsage(txn, m.account(), -m.size());
            ledger.mailboxEntry(txn, m.account(), Kind.DELETE, id, m.highestModSeq(), m.path());
            txn.touch(m.account());
            return true;
        });
        purge(id);
    }

    /// Takes the messages of a deleted mailbox out, some at a time so that others get their turn. After a crash it goes on at the next start.
    void purge(MailboxId id) {
        while (!committer.commit(txn -> purgeSome(txn, id))) {
            Thread.yield();
        }
    }

    private boolean purgeSome(Txn txn, MailboxId id) {
        var prefix = Keys.id(id.value());
        var rows = new ArrayList<StoredRow>();
        txn.scan(Family.ROWS, prefix, true, (key, value) -> {
            boolean mine = Keys.begins(key, prefix) && rows.size() < PURGED_AT_ONCE;
            if (mine) {
                rows.add(RowCodec.decode(key, value));
            }
            return mine;
        });
        rows.forEach(row -> ledger.erase(txn, row));
        if (rows.size() == PURGED_AT_ONCE) {
            return false;
        }
        FlagBlocks.removeAll(txn, id);
        txn.keys(Family.TOMBSTONES, prefix, Integer.MAX_VALUE).forEach(key -> txn.delete(Family.TOMBSTONES, key));
        txn.delete(Family.PURGES, prefix);
        return true;
    }

    /// Mailboxes whose purge a crash cut short.
    List<MailboxId> unfinishedPurges() {
        var ids = new ArrayList<MailboxId>();
        db.scan(Family.PURGES, new byte[0], true, (key, _) -> ids.add(new MailboxId(Keys.idAt(Arrays.copyOf(key, Keys.ID), 0))));
        return ids;
    }

}
