package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;

/// Counts again what the store keeps count of: messages of mailboxes, bytes of accounts, messages that share a content, references to
/// attachments; and looks for rows that other rows miss.
final class Recount {
    private final Db db;
    private final Committer committer;
    private final Consumer<String> problem;
    private final Map<MailboxId, long[]> mailboxes = new TreeMap<>();
    private final Map<AccountId, Long> usage = new TreeMap<>();
    private final Map<ByteBuffer, Long> shares = new TreeMap<>();
    private final Map<ByteBuffer, Long> references = new TreeMap<>();
    private boolean repair;
    private long problems;

    Recount(Db db, Committer committer, Consumer<String> problem) {
        this.db = db;
        this.committer = committer;
        this.problem = problem;
    }

    long run(boolean withRepair) {
        repair = withRepair;
        var current = new CurrentRows(db);
        db.scan(Family.ROWS, new byte[0], true, (key, value) -> {
            count(current.of(key, value), key);
            return true;
        });
        db.scan(Family.FLAGS, new byte[0], true, (key, value) -> {
            check(new MailboxId(Keys.idAt(key, 0)), Keys.numberAt(key, Keys.ID), FlagBlock.decode(value));
            return true;
        });
        db.scan(Family.MAILBOXES, new byte[0], true, (key, value) -> {
            check(MailboxCodec.decode(key, value, db.life()));
            return true;
        });
        numbers(Family.USAGE, "usage of account ", key -> usage.getOrDefault(new AccountId(Keys.idAt(key, 0)), 0L));
        numbers(Family.SHARES, "messages of content ", key -> shares.getOrDefault(ByteBuffer.wrap(key), 0L));
        db.scan(Family.ATTACHMENTS, new byte[0], true, (key, value) -> {
            check(key, AttachmentRecord.decode(value));
            return true;
        });
        return problems;
    }

    private void tell(String text) {
        problems++;
        problem.accept(text);
    }

    /// A block has flags of messages that are there, and is found by its latest change.
    private void check(MailboxId mailbox, long number, FlagBlock block) {
        if (db.get(Family.MAILBOXES, Keys.id(mailbox.value())) == null) {
            return; // as its rows, being purged
        }
        var gone = block.uidsSince(number, 0).stream().filter(uid -> db.get(Family.ROWS, Keys.idAndNumber(mailbox.value(), uid)) == null).toList();
        var modSeqKey = FlagBlocks.modSeqKey(mailbox, block.latest(), number);
        if (gone.isEmpty() && db.get(Family.FLAG_MODSEQS, modSeqKey) != null) {
            return;
        }
        tell("flags of mailbox " + mailbox + " from uid " + number * FlagBlock.SIZE + " are of messages that are not there, or not in their index");
        if (repair) {
            committer.commit(txn -> {
                txn.put(Family.FLAG_MODSEQS, modSeqKey, new byte[0]);
                var blocks = new FlagBlocks(txn, mailbox);
                gone.forEach(blocks::remove);
                blocks.flush();
                return true;
            });
        }
    }

    private void count(StoredRow stored, byte[] key) {
        var row = stored.row();
        var box = db.get(Family.MAILBOXES, Keys.id(row.mailbox().value()));
        if (box == null) {
            return; // a deleted mailbox, being purged
        }
        var m = MailboxCodec.decode(Keys.id(row.mailbox().value()), box, db.life());
        var sums = mailboxes.computeIfAbsent(row.mailbox(), _ -> new long[5]);
        sums[0]++;
        sums[1] += row.flags().has(Flags.SEEN) ? 0 : 1;
        sums[2] += row.size();
        sums[3] = Math.max(sums[3], row.uid());
        sums[4] = Math.max(sums[4], row.modSeq());
        usage.merge(m.account(), row.size(), Long::sum);
        shares.merge(ByteBuffer.wrap(Keys.id(row.content())), 1L, Long::sum);
        indexed(m, stored, key);
        var body = db.get(Family.BODIES, Keys.id(row.content()));
        if (body == null) {
            tell("message " + row.id() + " has no content");
            return;
        }
        BodyRecord.decode(body).pieces().forEach(p -> references.merge(ByteBuffer.wrap(p.key()), 1L, Long::sum));
    }

    private void indexed(Mailbox m, StoredRow stored, byte[] key) {
        var row = stored.row();
        var id = Keys.id(row.id().value());
        boolean byId = db.get(Family.MESSAGES, id) != null;
        boolean byModSeq = !stored.listed() || db.get(Family.MODSEQS, stored.modSeqKey()) != null;
        if (byId && byModSeq) {
            return;
        }
        tell("message " + row.id() + " is not in every index");
        if (repair) {
            committer.commit(txn -> {
                txn.put(Family.MESSAGES, id, Keys.join(Keys.id(m.account().value()), key));
                if (stored.listed()) {
                    txn.put(Family.MODSEQS, stored.modSeqKey(), new byte[0]);
                }
                return true;
            });
        }
    }

    private void check(Mailbox m) {
        var sums = mailboxes.getOrDefault(m.id(), new long[5]);
        long uidNext = Math.max(m.uidNext(), sums[3] + 1);
        long modSeq = Math.max(m.highestModSeq(), sums[4]);
        boolean right = m.messages() == sums[0] && m.unseen() == sums[1] && m.size() == sums[2] && uidNext == m.uidNext()
                && modSeq == m.highestModSeq();
        if (right) {
            return;
        }
        tell("mailbox " + m.id() + " " + m.path() + " says messages=" + m.messages() + " unseen=" + m.unseen() + " size=" + m.size()
                + " uidNext=" + m.uidNext() + " modseq=" + m.highestModSeq() + ", counted " + sums[0] + " " + sums[1] + " " + sums[2] + " "
                + uidNext + " " + modSeq);
        if (repair) {
            committer.commit(txn -> {
                Ledger.put(txn, new Mailbox(
                        m.id(), m.account(), m.path(), m.specialUse(), m.uidValidity(), uidNext, modSeq, m.subscribed(), m.hidden(),
                        m.encryptMessages(), m.retention(), m.keywords(), sums[0], sums[1], sums[2]));
                return true;
            });
        }
    }

    private void numbers(Family family, String what, Function<byte[], Long> counted) {
        db.scan(family, new byte[0], true, (key, value) -> {
            long right = counted.apply(key);
            if (Keys.number(value) != right) {
                tell(what + HexFormat.of().formatHex(key) + " says " + Keys.number(value) + ", counted " + right);
                if (repair) {
                    committer.commit(txn -> {
                        txn.put(family, key, Keys.number(right));
                        return true;
                    });
                }
            }
            return true;
        });
    }

    private void check(byte[] key, AttachmentRecord record) {
        long right = references.getOrDefault(ByteBuffer.wrap(key), 0L);
        if (record.references() == right) {
            return;
        }
        tell("attachment " + HexFormat.of().formatHex(key) + " says references=" + record.references() + ", counted " + right);
        if (repair) {
            committer.commit(txn -> {
                txn.put(Family.ATTACHMENTS, key, record.plus(right - record.references()).encode());
                return true;
            });
        }
    }
}
