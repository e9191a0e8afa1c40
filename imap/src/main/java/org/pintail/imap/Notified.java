package org.pintail.imap;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.mail.Right;

/// A mailbox as a client that asked for NOTIFY knows it; its annotations where they are told of.
record Notified(MailboxTree.Row row, NotifyRequest.Events events, Map<String, Bytes> annotations) {
    Notified {
        annotations = Map.copyOf(annotations);
    }

    Access access() {
        return Objects.requireNonNull(row.access());
    }

    Mailbox mailbox() {
        return access().mailbox();
    }

    MailboxId id() {
        return mailbox().id();
    }

    String path() {
        return row.path();
    }

    /// RFC 5465 §5: messages of a mailbox are told to who may read it.
    boolean mayTellMessages() {
        return events.messages() && access().may(Right.READ);
    }

    /// The same name and rights, other messages.
    Notified with(Mailbox now) {
        var same = new Access(now, row.path(), access().rights());
        return new Notified(new MailboxTree.Row(row.path(), same, row.subscribed(), row.hasChildren()), events, annotations);
    }

    /// Is a mailbox what it was in everything but its messages?
    boolean isNamedAs(Mailbox now) {
        var old = mailbox();
        return old.path().equals(now.path()) && old.subscribed() == now.subscribed() && old.hidden() == now.hidden();
    }

    /// Has something happened to its messages that is told of?
    boolean differsFrom(@Nullable Notified before) {
        if (before == null) {
            return mailbox().messages() > 0; // a mailbox that came with messages in it
        }
        var old = before.mailbox();
        boolean came = old.uidNext() != mailbox().uidNext();
        boolean went = old.messages() != mailbox().messages();
        return events.arrivals() && came
                || events.expunges() && went
                || events.flags() && old.highestModSeq() != mailbox().highestModSeq();
    }
}
