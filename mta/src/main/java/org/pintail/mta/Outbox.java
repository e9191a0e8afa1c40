package org.pintail.mta;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.backend.StoreException;
import org.pintail.header.Headers;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;

/// The way into the queue, for submission, the API, forwards and bounces.
public final class Outbox {
    static final String ZONE = "default";
    private static final int MAX_RECEIVED = 30;
    private static final int HEADER_LOOKED_AT = 256 * 1024;
    private final Mail mail;
    private final MtaSettings settings;
    private final QueueIds ids = new QueueIds();

    public Outbox(Mail mail, MtaSettings settings) {
        this.mail = mail;
        this.settings = settings;
    }

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
    public String newId() {
        return ids.next(mail.clock().millis());
    }

    /// Queues the message (Date and Message-ID completed, Bcc removed) and returns its queue id; durable on return.
    /// Refuses INVALID without recipients, TOO_BIG beyond the limit, TEMPORARY when the store cannot take it.
    public String enqueue(Outgoing outgoing) {
        check(outgoing);
        var completed = CompletedMessage.of(outgoing.message(), outgoing.sender(), mail.clock().instant());
        return put(outgoing, completed.source(), completed.headers());
    }

    /// As [#enqueue], for a message that the caller completed; `headers` are its fields.
    String enqueueCompleted(Outgoing outgoing, Headers headers) {
        check(outgoing);
        return put(outgoing, outgoing.message(), headers);
    }

    private void check(Outgoing outgoing) {
        if (outgoing.recipients().isEmpty()) {
            throw new Refusal(Refusal.Code.INVALID, "No recipients");
        }
        if (outgoing.message().size() > settings.maxSize()) {
            throw new Refusal(Refusal.Code.TOO_BIG, "Message larger than " + settings.maxSize() + " bytes");
        }
    }

    private String put(Outgoing outgoing, Source body, Headers headers) {
        var id = newId();
        put(List.of(entry(id, outgoing, body, headers)));
        return id;
    }

    private void put(List<Queue.Entry> entries) {
        try {
            queue().enqueue(entries);
        } catch (StoreException.Full | StoreException.Unavailable e) {
            throw new Refusal(Refusal.Code.TEMPORARY, "The queue cannot take this message now", e);
        }
    }

    /// An entry for the queue as it is, nothing completed.
    Queue.Entry entry(String id, Outgoing outgoing, Source body, Headers headers) {
        var now = mail.clock().instant();
        var due = outgoing.sendAt() == null ? now : outgoing.sendAt();
        var rows = new ArrayList<QueueRow>();
        for (var recipient : outgoing.recipients()) {
            rows.add(row(id, rows.size() + 1, recipient, now, due, Document.EMPTY));
        }
        return new Queue.Entry(message(id, outgoing, body, headers, now), body, rows);
    }

    private QueuedMessage message(String id, Outgoing outgoing, Source body, Headers headers, Instant now) {
        var data = Document.of(
                "interface", outgoing.reason().equals("submit") ? "feeder" : outgoing.reason(),
                "reason", outgoing.reason(),
                "origin", outgoing.origin(),
                "userId", outgoing.account() == null ? null : outgoing.account().value(),
                "messageId", headers.value("message-id").orElse(""),
                "subject", headers.decoded("subject").orElse(""),
                "to", outgoing.recipients());
        return new QueuedMessage(id, outgoing.sender(), now, body.size(), data);
    }

    private static QueueRow row(String id, int number, String recipient, Instant now, Instant due, Document details) {
        int at = recipient.lastIndexOf('@');
        var domain = recipient.substring(at + 1).toLowerCase(java.util.Locale.ROOT);
        return new QueueRow(id, QueueIds.sequence(number), recipient, domain, ZONE, now, due, 0, null, null, "", false, 0, null, details);
    }

    /// Sends a received message on to the targets of a forwarded address. Refuses NOT_ALLOWED when it loops.
    public void forward(Source message, String sender, String recipient, List<String> targets) {
        put(List.of(forwardEntry(message, sender, recipient, targets)));
    }

    Queue.Entry forwardEntry(Source message, String sender, String recipient, List<String> targets) {
        var headers = Headers.parse(read(message));
        if (headers.all("received").size() >= MAX_RECEIVED) {
            throw new Refusal(Refusal.Code.NOT_ALLOWED, "Message loop: more than " + MAX_RECEIVED + " Received fields");
        }
        var id = newId();
        var now = mail.clock().instant();
        var rows = new ArrayList<QueueRow>();
        for (var target : targets) {
            boolean url = target.contains("://");
            var details = Document.of("forwardedFor", recipient, url ? "targetUrl" : "target", target);
            rows.add(row(id, rows.size() + 1, url ? recipient : target, now, now, details));
        }
        if (rows.isEmpty()) {
            throw new Refusal(Refusal.Code.NO_SUCH_ADDRESS, "This address forwards to nobody");
        }
        var outgoing = new Outgoing(sender, targets, message, "forward", "", null, null);
        return new Queue.Entry(message(id, outgoing, message, headers, now), message, rows);
    }

    private static byte[] read(Source message) {
        try {
            var head = message.read(0, HEADER_LOOKED_AT);
            int end = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            return end < 0 ? head : java.util.Arrays.copyOf(head, end + 2);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public Queue queue() {
        return mail.store().queue();
    }
}
