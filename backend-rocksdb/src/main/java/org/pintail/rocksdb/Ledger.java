package org.pintail.rocksdb;

import java.time.Clock;
import java.util.Arrays;
import java.util.BitSet;
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
import org.pintail.backend.NewFlags;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// The bookkeeping every change of messages shares: rows with their indexes, counters of mailbox and account, journal. Used by operations of the
/// committer only; its state (the last journal id) belongs to that thread.
final class Ledger {
    private static final int MOST_KEYWORDS = 100;
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

    /// Adds a row at the end of its mailbox (whose uid and modseq it already has) and to the account.
    Mailbox add(Txn txn, Mailbox m, MessageRow row, @Nullable String session) {
        addUsage(txn, m.account(), row.size());
        return arrive(txn, m, row, session);
    }

    /// The same for a message that the account had before.
    Mailbox arrive(Txn txn, Mailbox m, MessageRow row, @Nullable String session) {
        entry(txn, m.account(), Kind.EXISTS, row, row.modSeq(), unseen(row) > 0, session);
        return put(txn, m, row, false);
    }

    /// The same without the journal, for a row that is anywhere below uidNext.
    static Mailbox restore(Txn txn, Mailbox m, MessageRow row) {
        txn.put(Family.MODSEQS, new StoredRow(row, row.modSeq(), true).modSeqKey(), new byte[0]);
        addUsage(txn, m.account(), row.size());
        return put(txn, m, row, true);
    }

    private static Mailbox put(Txn txn, Mailbox m, MessageRow row, boolean listed) {
        txn.put(Family.ROWS, RowCodec.key(row), RowCodec.encode(row, listed));
        txn.put(Family.MESSAGES, Keys.id(row.id().value()), Keys.join(Keys.id(m.account().value()), RowCodec.key(row)));
        return counted(m, row, 1, Math.max(m.uidNext(), row.uid() + 1), Math.max(m.highestModSeq(), row.modSeq()));
    }

    /// The mailbox after a change of flags to any of `kinds`, with so many more unseen.
    static Mailbox flagged(Mailbox m, long modSeq, long unseen, Collection<Flags> kinds) {
        var keywords = m.keywords();
        for (var flags : kinds) {
            keywords = keywords(keywords, flags);
        }
        return with(m, m.uidNext(), modSeq, m.messages(), m.unseen() + unseen, m.size(), keywords);
    }

    /// Takes a row out; its uid is remembered under `modSeq`.
    Mailbox remove(Txn txn, Mailbox m, StoredRow stored, long modSeq, @Nullable String session) {
        addUsage(txn, m.account(), -stored.row().size());
        eraseContent(txn, stored.row());
        return leave(txn, m, stored, modSeq, session);
    }

    /// The same for a message that the account keeps.
    Mailbox leave(Txn txn, Mailbox m, StoredRow stored, long modSeq, @Nullable String session) {
        var row = stored.row();
        eraseRow(txn, stored);
        txn.put(Family.TOMBSTONES, Keys.idAndNumbers(row.mailbox().value(), modSeq, row.uid()), new byte[0]);
        entry(txn, m.account(), Kind.EXPUNGE, row, modSeq, unseen(row) > 0, session);
        return counted(m, row, -1, m.uidNext(), Math.max(m.highestModSeq(), modSeq));
    }

    /// Removes what belongs to the row alone, but its flags, and its share of the content.
    void erase(Txn txn, StoredRow stored) {
        eraseRow(txn, stored);
        eraseContent(txn, stored.row());
    }

    private static void eraseRow(Txn txn, StoredRow stored) {
        var row = stored.row();
        txn.delete(Family.ROWS, RowCodec.key(row));
        if (stored.listed()) {
            txn.delete(Family.MODSEQS, stored.modSeqKey());
        }
        txn.delete(Family.MESSAGES, Keys.id(row.id().value()));
    }

    private static void eraseContent(Txn txn, MessageRow row) {
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
        txn.add(Family.USAGE, Keys.id(account.value()), bytes);
    }

    private static int unseen(MessageRow row) {
        return unseen(row.flags());
    }

    static int unseen(Flags flags) {
        return flags.has(Flags.SEEN) ? 0 : 1;
    }

    private static Mailbox counted(Mailbox m, MessageRow row, int sign, long uidNext, long modSeq) {
        return with(
                m, uidNext, modSeq, m.messages() + sign, m.unseen() + sign * unseen(row), m.size() + sign * row.size(),
                sign > 0 ? keywords(m.keywords(), row.flags()) : m.keywords());
    }

    private static List<String> keywords(List<String> known, Flags flags) {
        if (flags.keywords().isEmpty()) {
            return known;
        }
        var all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(known);
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
                Family.JOURNAL, Keys.ids(account.value(), nextEntries(txn, 1)), JournalCodec.message(kind, row, modSeq, unseenChange, session));
    }

    void mailboxEntry(Txn txn, AccountId account, Kind kind, MailboxId mailbox, long modSeq, @Nullable String path) {
        txn.put(Family.JOURNAL, Keys.ids(account.value(), nextEntries(txn, 1)), JournalCodec.mailbox(kind, mailbox, modSeq, path));
    }

    /// An entry for each message whose flags were changed.
    void entries(
            Txn txn, AccountId account, MailboxId mailbox, List<NewFlags> changed, BitSet unseenChanges, @Nullable String session) {
        txn.put(
                Family.JOURNAL, Keys.ids(account.value(), nextEntries(txn, changed.size())), FlagEntries.encode(mailbox, changed, unseenChanges, session));
    }

    /// The last of so many new ids.
    private ObjectId nextEntries(Txn txn, int count) {
        var first = ObjectId.at(clock.instant());
        if (first.compareTo(lastEntry) <= 0) {
            first = Ids.plus(lastEntry, 1);
        }
        lastEntry = Ids.plus(first, count - 1);
        txn.journaled(lastEntry);
        return lastEntry;
    }

    /// What [Ledger] goes on from after a restart; once for all entries of a transaction.
    static void noteLastEntry(Txn txn) {
        var last = txn.lastEntry();
        if (last != null) {
            txn.put(Family.META, LAST_ENTRY, Keys.id(last));
        }
    }

    /// Rows of these uids that are there, ascending.
    static List<StoredRow> rows(Txn txn, MailboxId mailbox, Collection<Long> uids) {
        return new CurrentRows(txn).all(mailbox, ascending(uids));
    }

    /// Each once.
    static long[] ascending(Collection<Long> uids) {
        var all = new long[uids.size()];
        int count = 0;
        boolean ordered = true;
        for (long uid : uids) {
            ordered &= count == 0 || all[count - 1] < uid;
            all[count++] = uid;
        }
        return ordered ? all : Arrays.stream(all).sorted().distinct().toArray();
    }
}
