package org.pintail.rocksdb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewFlags;
import org.pintail.backend.StoreException;

/// What happened in a mailbox after a modseq, from one view of the index.
final class ChangesSince {
    private final Reader view;
    private final MailboxId mailbox;
    private final byte[] prefix;
    private final long since;
    private final CurrentRows current;

    ChangesSince(Reader view, MailboxId mailbox, long since) {
        this.view = view;
        this.mailbox = mailbox;
        this.prefix = Keys.id(mailbox.value());
        this.since = since;
        this.current = new CurrentRows(view);
    }

    MailboxChanges read(long life) {
        var value = view.get(Family.MAILBOXES, prefix);
        if (value == null) {
            throw new StoreException.Missing("mailbox " + mailbox);
        }
        Mailbox box = MailboxCodec.decode(prefix, value, life);
        var written = written();
        var flagged = flagged(written);
        return new MailboxChanges(box.highestModSeq(), box.uidNext(), written.values().stream().sorted(Comparator.comparingLong(MessageRow::uid)).toList(), flagged, expunged());
    }

    /// Rows that were written since: those that came, at the end, and those that are listed.
    private Map<Long, MessageRow> written() {
        Map<Long, MessageRow> rows = new HashMap<>();
        view.scan(Family.ROWS, Keys.idAndNumber(mailbox.value(), Long.MAX_VALUE), false, (key, value) -> {
            if (!Keys.begins(key, prefix)) {
                return false;
            }
            var stored = current.of(key, value);
            boolean came = !stored.listed() && stored.written() > since;
            if (came) {
                rows.put(stored.row().uid(), stored.row());
            }
            return came;
        });
        var listed = new TreeSet<Long>();
        after(Family.MODSEQS, listed);
        current.all(mailbox, Ledger.ascending(listed)).forEach(stored -> rows.put(stored.row().uid(), stored.row()));
        return rows;
    }

    /// The last numbers of entries with a modseq after [#since].
    private void after(Family family, TreeSet<Long> numbers) {
        view.scan(family, Keys.idAndNumbers(mailbox.value(), since + 1, 0), true, (key, _) -> {
            boolean mine = Keys.begins(key, prefix);
            if (mine) {
                numbers.add(Keys.numberAt(key, Keys.ID + Long.BYTES));
            }
            return mine;
        });
    }

    private List<NewFlags> flagged(Map<Long, MessageRow> written) {
        var blocks = new TreeSet<Long>();
        after(Family.FLAG_MODSEQS, blocks);
        var flagged = new ArrayList<NewFlags>();
        for (long number : blocks) {
            var block = current.block(mailbox, number * FlagBlock.SIZE);
            for (long uid : block.uidsSince(number, since)) {
                if (!written.containsKey(uid)) {
                    flagged.add(new NewFlags(uid, block.modSeq(uid), block.flags(uid)));
                }
            }
        }
        return flagged;
    }

    private List<MailboxChanges.Expunged> expunged() {
        var expunged = new ArrayList<MailboxChanges.Expunged>();
        view.scan(Family.TOMBSTONES, Keys.idAndNumbers(mailbox.value(), since + 1, 0), true, (key, _) -> {
            boolean mine = Keys.begins(key, prefix);
            if (mine) {
                expunged.add(new MailboxChanges.Expunged(Keys.numberAt(key, Keys.ID + Long.BYTES), Keys.numberAt(key, Keys.ID)));
            }
            return mine;
        });
        expunged.sort(Comparator.comparingLong(MailboxChanges.Expunged::uid));
        return expunged;
    }
}
