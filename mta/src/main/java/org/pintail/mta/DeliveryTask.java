package org.pintail.mta;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.header.Headers;
import org.pintail.mail.Mail;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpReply;
import org.pintail.srs.Srs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers one message to its recipients of one domain and settles each row: delivered, deferred, or bounced.
final class DeliveryTask {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryTask.class);
    private final Mail mail;
    private final Outbox outbox;
    private final MtaSettings settings;
    private final RemoteDelivery remote;
    private final LocalDelivery local;
    private final @Nullable Srs srs;
    private final MessageSigner signer;

    DeliveryTask(Mail mail, Outbox outbox, MtaSettings settings, RemoteDelivery remote, @Nullable Srs srs, MessageSigner signer) {
        this.srs = srs;
        this.signer = signer;
        this.mail = mail;
        this.outbox = outbox;
        this.settings = settings;
        this.remote = remote;
        this.local = new LocalDelivery(mail, outbox);
    }

    void run(List<QueueRow> rows, Lease lease) {
        var id = rows.getFirst().id();
        var message = outbox.queue().message(id);
        var body = outbox.queue().body(id);
        if (message.isEmpty() || body.isEmpty()) {
            return; // somebody settled it meanwhile
        }
        var away = new ArrayList<QueueRow>();
        for (var row : rows) {
            if (!lease.held()) {
                LOG.warn("lease lost before delivery queue={} domain={}", id, row.domain());
                return;
            }
            var here = local.find(row);
            if (row.details().has("targetUrl")) {
                settle(message.get(), row, body.get(), new SmtpReply(550, "5.3.5", "Forwarding to " + row.details().string("targetUrl", "") + " is not supported"));
            } else if (here.isPresent()) {
                settle(message.get(), row, body.get(), local.deliver(message.get(), row, here.get(), body.get()));
            } else {
                away.add(row);
            }
        }
        if (!away.isEmpty()) {
            var recipients = away.stream().map(QueueRow::recipient).toList();
            boolean anyTls = message.get().data().string("reason", "").equals(DailyReports.TLS_REASON);
            var replies = remote.deliver(away.getFirst().domain(), new RemoteDelivery.Mail(
                    returnPath(message.get()), recipients, lease.whileHeld(signer.signed(message.get(), body.get())), anyTls));
            for (int i = 0; i < away.size(); i++) {
                settle(message.get(), away.get(i), body.get(), replies.get(i));
            }
        }
    }

    /// A forwarded copy leaves with an address of ours, so that SPF holds at the next server and bounces come back.
    private String returnPath(QueuedMessage message) {
        boolean forwarded = message.data().string("reason", "").equals("forward");
        return srs == null || !forwarded || message.sender().isEmpty() ? message.sender() : srs.rewrite(message.sender(), mail.clock().instant());
    }

    private void settle(QueuedMessage message, QueueRow row, Source body, SmtpReply reply) {
        var now = mail.clock().instant();
        var text = reply.code() + " " + (reply.status().isEmpty() ? "" : reply.status() + " ") + reply.text();
        boolean mine;
        if (reply.positive()) {
            mine = outbox.queue().settle(row, List.of());
            LOG.info("delivered queue={} seq={} to={} reply=\"{}\"", row.id(), row.seq(), row.recipient(), text);
        } else if (reply.temporary() && row.attempts() < settings.retries().size()) {
            var due = now.plus(settings.retries().get(row.attempts()));
            mine = outbox.queue().defer(row, now, due, text);
            LOG.info("deferred queue={} seq={} to={} due={} reply=\"{}\"", row.id(), row.seq(), row.recipient(), due, text);
        } else {
            mine = outbox.queue().settle(row, bounce(message, row, body, reply));
            LOG.info("bounced queue={} seq={} to={} reply=\"{}\"", row.id(), row.seq(), row.recipient(), text);
        }
        if (!mine) {
            LOG.warn("lease lost queue={} seq={} to={}", row.id(), row.seq(), row.recipient());
        }
    }

    private List<Queue.Entry> bounce(QueuedMessage message, QueueRow row, Source body, SmtpReply reply) {
        return Dsn.of(message, row, body, reply, settings.hostname(), mail.clock().instant())
                .map(report -> {
                    var outgoing = new Outbox.Outgoing("", List.of(message.sender()), report, "bounce", "", null, null);
                    return List.of(outbox.entry(outbox.newId(), outgoing, report, Headers.EMPTY));
                })
                .orElse(List.of());
    }
}
