package org.pintail.backend.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges.Expunged;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.MessageRow;

/// One mailbox and what is in it. Used under the lock of [MailState].
final class Box {
    private static final int MOST_KEYWORDS = 100;
    final TreeMap<Long, Stored> messages = new TreeMap<>();
    final List<Expunged> expunged = new ArrayList<>();
    private final TreeSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private Mailbox shape;
    private long uidNext = 1;
    private long highestModSeq = 1;
    private long unseen;
    private long size;

    /// A message in the mailbox: its row and the details that are its own.
    record Stored(MessageRow row, Document details) {}

    Box(Mailbox shape) {
        this.shape = shape;
    }

    /// As it was in another engine, empty.
    static Box restored(Mailbox shape) {
        var box = new Box(shape);
        box.uidNext = shape.uidNext();
        box.highestModSeq = shape.highestModSeq();
        box.keywords.addAll(shape.keywords());
        return box;
    }

    Mailbox mailbox() {
        return new Mailbox(
                shape.id(),
                shape.account(),
                shape.path(),
                shape.specialUse(),
                shape.uidValidity(),
                uidNext,
                highestModSeq,
                shape.subscribed(),
                shape.hidden(),
                shape.encryptMessages(),
                shape.retention(),
                List.copyOf(keywords),
                messages.size(),
                unseen,
                size);
    }

    void rename(String path) {
        shape = with(path, shape.subscribed(), shape.hidden(), shape.encryptMessages(), shape.retention());
    }

    void change(Mailboxes.Changes c) {
        shape = with(
                shape.path(),
                or(c.subscribed(), shape.subscribed()),
                or(c.hidden(), shape.hidden()),
                or(c.encryptMessages(), shape.encryptMessages()),
                or(c.retention(), shape.retention()));
    }

    private static <T> T or(@Nullable T changed, T otherwise) {
        return changed == null ? otherwise : changed;
    }

    private Mailbox with(String path, boolean subscribed, boolean hidden, boolean encrypt, long retention) {
        return new Mailbox(
                shape.id(), shape.account(), path, shape.specialUse(), shape.uidValidity(), 1, 1,
                subscribed, hidden, encrypt, retention, List.of(), 0, 0, 0);
    }

    long nextUid() {
        return uidNext++;
    }

    long nextModSeq() {
        return ++highestModSeq;
    }

    void add(Stored m) {
        messages.put(m.row().uid(), m);
        count(m.row(), 1);
        remember(m.row().flags());
    }

    void replace(Stored m) {
        var before = messages.put(m.row().uid(), m);
        if (before != null) {
            count(before.row(), -1);
        }
        count(m.row(), 1);
        remember(m.row().flags());
    }

    void remove(MessageRow row, long modSeq) {
        messages.remove(row.uid());
        count(row, -1);
        expunged.add(new Expunged(row.uid(), modSeq));
    }

    private void count(MessageRow row, int sign) {
        size += sign * row.size();
        if (!row.flags().has(Flags.SEEN)) {
            unseen += sign;
        }
    }

    private void remember(Flags flags) {
        for (var keyword : flags.keywords()) {
            if (keywords.size() < MOST_KEYWORDS) {
                keywords.add(keyword);
            }
        }
    }
}
