package org.pintail.mail;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.NewMessage;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// Copies of messages that the receiving account takes in as its own: from a mailbox of another account, or with other flags than they have.
public final class Handover {
    private static final int AT_ONCE = 50;
    private final Store store;
    private final Mailstore mailstore;
    private final Clock clock;

    Handover(Store store, Mailstore mailstore, Clock clock) {
        this.store = store;
        this.mailstore = mailstore;
        this.clock = clock;
    }

    /// Where copies go. `owner` has the mailbox and its quota bounds them; `flags` says what becomes of flags.
    public record Target(Account owner, Mailbox mailbox, UnaryOperator<Flags> flags, @Nullable String session) {}

    /// All of them or, when one is refused, none. Messages that are gone are skipped. Refuses as [Mailstore#append].
    public List<Messages.Copied> copy(Mailbox from, List<Long> uids, Target to) {
        var copied = new ArrayList<Messages.Copied>();
        try {
            for (int i = 0; i < uids.size(); i += AT_ONCE) {
                copied.addAll(some(from, uids.subList(i, Math.min(uids.size(), i + AT_ONCE)), to));
            }
            return copied;
        } catch (Refusal | StoreException failed) {
            takeBack(copied, to, failed);
            throw failed;
        }
    }

    private List<Messages.Copied> some(Mailbox from, List<Long> uids, Target to) {
        var old = new ArrayList<Long>();
        var placed = new ArrayList<NewMessage>();
        for (long uid : uids) {
            var row = store.messages().row(from.id(), uid);
            if (row.isPresent()) {
                try {
                    placed.add(placed(row.get(), to));
                    old.add(uid);
                } catch (StoreException.Missing gone) {
                    continue; // as if it had been expunged a moment before
                }
            }
        }
        if (placed.isEmpty()) {
            return List.of();
        }
        var rows = mailstore.append(placed);
        var copied = new ArrayList<Messages.Copied>();
        for (int i = 0; i < rows.size(); i++) {
            copied.add(new Messages.Copied(old.get(i), rows.get(i)));
        }
        return copied;
    }

    private NewMessage placed(MessageRow row, Target to) {
        var meta = Document.of(
                "source", "IMAP",
                "from", "",
                "to", List.of(to.owner().address()),
                "transtype", "COPY",
                "time", clock.instant());
        var placement = new Mailstore.Placement(
                to.owner(),
                to.mailbox().id(),
                to.flags().apply(row.flags()),
                row.internalDate(),
                new byte[0],
                meta,
                true,
                to.session());
        return mailstore.place(mailstore.prepare(store.messages().open(row)), placement);
    }

    private void takeBack(List<Messages.Copied> copied, Target to, RuntimeException why) {
        if (copied.isEmpty()) {
            return;
        }
        try {
            var uids = copied.stream().map(c -> c.row().uid()).toList();
            store.messages().expunge(to.mailbox().id(), uids, to.session());
        } catch (StoreException e) {
            why.addSuppressed(e);
        }
    }
}
