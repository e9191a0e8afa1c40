package org.pintail.rocksdb;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// The bookkeeping every change of messages shares: rows with their indexes, counters of mailbox and account, journal. Used by operations of the
/// committer only; its state (the last journal id) belongs to that thread.
final class Ledger {
    private static final int MOST_KEYWORDS = 100;
    private static final int WORTH_A_SCAN = 16;
    private static final byte[] LAST_ENTRY = Keys.text("journal.last");
    private final Clock clock;
    private ObjectId lastEntry;

    /// Journal ids go on from the last one written, also when the clock does not.
    Ledger(Db db, Clock clock) {
        this.clock = clock;
        var last = db.get(Family.META, LAST_ENTRY);
        this.lastEntry = last == null ? new ObjectId(0, 0) : Keys.idAt(last, 0);
    }

    static Mailbox mailbox(Txn txn, MailboxId id) {
        var key = Keys.id(id.value());
        var value = txn.get(Family.MAILBOXES, key);
        if (value == null) {
            throw new StoreException.Missing("mailbox " + id);
        }
        return MailboxCodec.decode(key, value, txn.life());
    }

    static void put(Txn txn, Mailbox m) {
        txn.put(Family.MAILBOXES, Keys.id(m.id().value()), MailboxCodec.encode(m, txn.life()));
    }

    /// Adds a row to its mailbox (whose uid and modseq it already has) and to the account.
    Mailbox add(Txn txn, Mailbox m, MessageRow row, @Nullable String session) {
        entry(txn, m.account(), Kind.EXISTS, row, row.modSeq(), unseen(row) > 0, session);
        return restore(txn, m, row);
    }

    /// The same without the journal, for a row that is anywhere below uidNext.
    static Mailbox restore(Txn txn, Mailbox m, MessageRow row) {
        txn.put(Family.ROWS, RowCodec.key(row), RowCodec.encode(row));
        txn.put(Family.MODSEQS, RowCodec.modSeqKey(row), new byte[0]);
        txn.put(Family.MESSAGES, Keys.id(row.id().value()), Keys.join(Keys.id(m.account().value()), RowCodec.key(row)));
        addUsage(txn, m.account(), row.size());
        return counted(m, row, 1, Math.max(m.uidNext(), row.uid() + 1), Math.max(m.highestModSeq(), row.modSeq()));
    }

    /// Puts a changed row in the place of the old one.
    Mailbox replace(Txn txn, Mailbox m, MessageRow before, MessageRow after, @Nullable String session) {
        txn.delete(Family.MODSEQS, RowCodec.modSeqKey(before));
        txn.put(Family.ROWS, RowCodec.key(after), RowCodec.encode(after));
        txn.put(Family.MODSEQS, RowCodec.modSeqKey(after), new byte[0]);
        entry(txn, m.account(), Kind.FETCH, after, after.modSeq(), unseen(before) != unseen(after), session);
        return with(m, m.uidNext(), Math.max(m.highestModSeq(), after.modSeq()), m.messages(), m.unseen() + unseen(after) - unseen(before), m.size(), keywords(m, after.flags()));
    }

    /// Takes a row out; its uid is remembered under `modSeq`.
    Mailbox remove(Txn txn, Mailbox m, MessageRow row, long modSeq, @Nullable String session) {
        erase(txn, row);
        txn.put(Family.TOMBSTONES, Keys.idAndNumbers(row.mailbox().value(), modSeq, row.uid()), new byte[0]);
        addUsage(txn, m.account(), -row.size());
        entry(txn, m.account(), Kind.EXPUNGE, row, modSeq, unseen(row) > 0, session);
        return counted(m, row, -1, m.uidNext(), Math.max(m.highestModSeq(), modSeq));
    }

    /// Removes what belongs to the row alone, and its share of the content.
    void erase(Txn txn, MessageRow row) {
        txn.delete(Family.ROWS, RowCodec.key(row));
        txn.delete(Family.MODSEQS, RowCodec.modSeqKey(row));
        txn.delete(Family.MESSAGES, Keys.id(row.id().value()));
        txn.delete(Family.DETAILS, Keys.id(row.id().value()));
        release(txn, row.content());
    }

    private static void release(Txn txn, ObjectId content) {
        var key = Keys.id(content);
        var value = txn.get(Family.BODIES, key);
        if (value == null) {
            return;
        }
        var body = BodyRecord.decode(value);
        for (var piece : body.pieces()) {
            count(txn, piece.key(), -1);
        }
        long shares = txn.number(Family.SHARES, key) - 1;
        if (shares > 0) {
            txn.put(Family.SHARES, key, Keys.number(shares));
        } else {
            txn.delete(Family.SHARES, key);
            txn.delete(Family.BODIES, key);
            txn.release(Place.Kind.BODIES, body.place());
        }
    }

    /// One more message shares a content.
    static void share(Txn txn, ObjectId content) {
        var key = Keys.id(content);
        var value = txn.get(Family.BODIES, key);
        if (value == null) {
            throw new StoreException.Missing("content " + content);
        }
        BodyRecord.decode(value).pieces().forEach(piece -> count(txn, piece.key(), 1));
        txn.put(Family.SHARES, key, Keys.number(txn.number(Family.SHARES, key) + 1));
    }

    static void count(Txn txn, byte[] sha, long more) {
        var value = txn.get(Family.ATTACHMENTS, sha);
        if (value != null) {
            txn.put(Family.ATTACHMENTS, sha, AttachmentRecord.decode(value).plus(more).encode());
        }
    }

    static void addUsage(Txn txn, AccountId account, long bytes) {
        var key = Keys.id(account.value());
        txn.put(Family.USAGE, key, Keys.number(txn.number(Family.USAGE, key) + bytes));
    }

    private static int unseen(MessageRow row) {
        return row.flags().has(Flags.SEEN) ? 0 : 1;
    }

    private static Mailbox counted(Mailbox m, MessageRow row, int sign, long uidNext, long modSeq) {
        return with(
                m, uidNext, modSeq, m.messages() + sign, m.unseen() + sign * unseen(row), m.size() + sign * row.size(),
                sign > 0 ? keywords(m, row.flags()) : m.keywords());
    }

    private static List<String> keywords(Mailbox m, Flags flags) {
        if (flags.keywords().isEmpty()) {
            return m.keywords();
        }
        var all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(m.keywords());
        for (var keyword : flags.keywords()) {
            if (all.size() < MOST_KEYWORDS) {
                all.add(keyword);
            }
        }
        return List.copyOf(all);
    }

    private static Mailbox with(Mailbox m, long uidNext, long modSeq, long messages, long unseen, long size, List<String> keywords) {
        return new Mailbox(
                m.id(), m.account(), m.path(), m.specialUse(), m.uidValidity(), uidNext, modSeq, m.subscribed(), m.hidden(),
                m.encryptMessages(), m.retention(), keywords, messages, unseen, size);
    }

    void entry(Txn txn, AccountId account, Kind kind, MessageRow row, long modSeq, boolean unseenChange, @Nullable String session) {
        txn.put(
                Family.JOURNAL, Keys.ids(account.value(), nextEntry(txn)), JournalCodec.message(kind, row, modSeq, unseenChange, session));
    }

    void mailboxEntry(Txn txn, AccountId account, Kind kind, MailboxId mailbox, long modSeq, @Nullable String path) {
        txn.put(Family.JOURNAL, Keys.ids(account.value(), nextEntry(txn)), JournalCodec.mailbox(kind, mailbox, modSeq, path));
    }

    private ObjectId nextEntry(Txn txn) {
        var id = ObjectId.at(clock.instant());
        if (id.compareTo(lastEntry) <= 0) {
            int low = lastEntry.low() + 1;
            id = new ObjectId(low == 0 ? lastEntry.high() + 1 : lastEntry.high(), low);
        }
        lastEntry = id;
        txn.journaled(id);
        return id;
    }

    /// What [Ledger] goes on from after a restart; once for all entries of a transaction.
    static void noteLastEntry(Txn txn) {
        var last = txn.lastEntry();
        if (last != null) {
            txn.put(Family.META, LAST_ENTRY, Keys.id(last));
        }
    }

    /// Rows of these uids that are there, ascending.
    static List<MessageRow> rows(Txn txn, MailboxId mailbox, Collection<Long> uids) {
        var sorted = uids.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
        if (sorted.length >= WORTH_A_SCAN && sorted[sorted.length - 1] - sorted[0] < 2L * sorted.length) {
            return scanned(txn, mailbox, sorted);
        }
        var found = new ArrayList<MessageRow>();
        for (long uid : sorted) {
            var key = Keys.idAndNumber(mailbox.value(), uid);
            var value = txn.get(Family.ROWS, key);
            if (value != null) {
                found.add(RowCodec.decode(key, value));
            }
        }
        return found;
    }

    /// Where most of what lies between is wanted, going through it costs less than asking for each.
    private static List<MessageRow> scanned(Txn txn, MailboxId mailbox, long[] uids) {
        var found = new ArrayList<MessageRow>(uids.length);
        var last = Keys.idAndNumber(mailbox.value(), uids[uids.length - 1]);
        txn.scan(Family.ROWS, Keys.idAndNumber(mailbox.value(), uids[0]), true, (key, value) -> {
            boolean inside = Arrays.compareUnsigned(key, last) <= 0;
            if (inside && Arrays.binarySearch(uids, Keys.numberAt(key, Keys.ID)) >= 0) {
                found.add(RowCodec.decode(key, value));
            }
            return inside;
        });
        return found;
    }
}
