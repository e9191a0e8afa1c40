package org.pintail.mta;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.header.MailDate;
import org.pintail.mail.Addresses;
import org.pintail.mail.Delivery;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;
import org.pintail.smtp.Refusals;
import org.pintail.smtp.SmtpReply;

/// Recipients that have an account here: their mail goes through the queue like any other, but never leaves.
final class LocalDelivery {
    private final Mail mail;
    private final Outbox outbox;

    LocalDelivery(Mail mail, Outbox outbox) {
        this.mail = mail;
        this.outbox = outbox;
    }

    /// What the recipient's address leads to here; empty when it is somebody else's.
    Optional<Addresses.Resolved> find(QueueRow row) {
        return MailAddress.parse(row.recipient()).flatMap(address -> mail.addresses().resolve(address, true));
    }

    SmtpReply deliver(QueuedMessage message, QueueRow row, Addresses.Resolved to, Source body) {
        try {
            return switch (to) {
                case Addresses.Resolved.Forwarded f -> forward(message, row, f, body);
                case Addresses.Resolved.OfAccount of -> deliver(message, row, of, body);
            };
        } catch (Refusal e) {
            return Refusals.reply(e);
        }
    }

    private SmtpReply forward(QueuedMessage message, QueueRow row, Addresses.Resolved.Forwarded to, Source body) {
        if (to.document().bool("forwardedDisabled")) {
            return new SmtpReply(550, "5.2.1", "Mailbox disabled");
        }
        var targets = to.document().documents("targets").stream().map(t -> t.string("value", "")).filter(v -> !v.isEmpty()).toList();
        outbox.forward(Source.concat(trace(message, row), body), message.sender(), row.recipient(), targets);
        return new SmtpReply(250, "2.0.0", "Forwarded");
    }

    /// Counts the hop: addresses that forward to each other end at the limit of Received fields.
    private Source trace(QueuedMessage message, QueueRow row) {
        var field = "Received: by " + mail.settings().hostname() + " (Pintail) with LOCAL id " + message.id() + "\r\n for <" + row.recipient()
                + ">;\r\n " + MailDate.format(mail.clock().instant()) + "\r\n";
        return Source.of(field.getBytes(StandardCharsets.UTF_8));
    }

    private SmtpReply deliver(QueuedMessage message, QueueRow row, Addresses.Resolved.OfAccount to, Source body) {
        var account = mail.accounts().require(to.account());
        if (account.disabled()) {
            return new SmtpReply(550, "5.2.1", "Mailbox disabled");
        }
        if (mail.accounts().usage(account.id()) >= mail.accounts().quota(account)) {
            return new SmtpReply(552, "5.2.2", "Mailbox full");
        }
        var meta = Document.of("queueId", message.id(), "from", message.sender(), "to", List.of(row.recipient()), "time", mail.clock().millis());
        var delivered = mail.delivery()
                .deliver(
                        body,
                        new Delivery.Envelope(message.sender(), "MX", meta, true),
                        List.of(new Delivery.Recipient(account, row.recipient())),
                        (copy, sender, recipient, targets) -> outbox.forward(Source.concat(trace(message, row), copy), sender, recipient, targets));
        return new SmtpReply(250, "2.0.0", delivered.getFirst().text());
    }
}
