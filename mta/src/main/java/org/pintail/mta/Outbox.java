package org.pintail.mta;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Queue;
import org.pintail.mail.Mail;
import org.pintail.mime.Source;

/// The way into the queue, for submission, the API, forwards and bounces.
public final class Outbox {
    public Outbox(Mail mail, MtaSettings settings) {}

    /// What is to be sent. `reason`: submit, forward, autoreply or bounce. `account` null for bounces. `sendAt` null: now.
    public record Outgoing(
            String sender,
            List<String> recipients,
            Source message,
            String reason,
            String origin,
            @Nullable AccountId account,
            @Nullable Instant sendAt) {
        public Outgoing {
            recipients = List.copyOf(recipients);
        }
    }

    /// A queue id: 18 hex digits.
    public static String newId() {
        throw new UnsupportedOperationException();
    }

    /// Queues the message (Date and Message-ID completed, Bcc removed) and returns its queue id; durable on return.
    public String enqueue(Outgoing outgoing) {
        throw new UnsupportedOperationException();
    }

    public Queue queue() {
        throw new UnsupportedOperationException();
    }
}
