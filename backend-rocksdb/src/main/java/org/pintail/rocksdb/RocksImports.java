package org.pintail.rocksdb;

import java.util.List;
import org.pintail.backend.Imports;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;

/// Imports through the committer.
final class RocksImports implements Imports {
    private final Committer committer;
    private final RocksMailboxes mailboxes;
    private final Bodies bodies;

    RocksImports(Committer committer, RocksMailboxes mailboxes, Bodies bodies) {
        this.committer = committer;
        this.mailboxes = mailboxes;
        this.bodies = bodies;
    }

    @Override
    public void mailbox(Mailbox mailbox) {
        mailboxes.restore(mailbox);
    }

    @Override
    public int messages(List<Restored> messages) {
        try {
            return add(messages, false);
        } catch (Bodies.AttachmentGone e) {
            return add(messages, true); // collected between our look and the commit: bring the bytes this time
        }
    }

    private int add(List<Restored> messages, boolean allPieces) {
        var arrivals = messages.stream().map(m -> bodies.prepare(m.message(), allPieces)).toList();
        return committer.commitGrowing(txn -> {
            messages.forEach(m -> Ledger.mailbox(txn, m.message().mailbox()));
            bodies.requireAttachments(txn, arrivals);
            int added = 0;
            for (int i = 0; i < arrivals.size(); i++) {
                var m = messages.get(i).message();
                var key = Keys.idAndNumber(m.mailbox().value(), messages.get(i).uid());
                if (txn.get(Family.ROWS, key) == null) {
                    add(txn, messages.get(i), arrivals.get(i));
                    added++;
                }
            }
            return added;
        });
    }

    private void add(Txn txn, Restored at, Bodies.Arrival arrival) {
        var m = at.message();
        var row = new MessageRow(
                m.id(), m.mailbox(), at.uid(), at.modSeq(), m.flags(), m.size(), m.internalDate(), m.sentDate(), m.thread(), at.root(),
                bodies.store(txn, arrival), m.hasAttachments());
        Ledger.put(txn, Ledger.restore(txn, Ledger.mailbox(txn, m.mailbox()), row));
    }

    @Override
    public void expunged(MailboxId mailbox, List<MailboxChanges.Expunged> expunged) {
        committer.commit(txn -> {
            for (var e : expunged) {
                txn.put(Family.TOMBSTONES, Keys.idAndNumbers(mailbox.value(), e.modSeq(), e.uid()), new byte[0]);
            }
            return true;
        });
    }
}
