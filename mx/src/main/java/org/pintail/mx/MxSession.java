package org.pintail.mx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.header.Headers;
import org.pintail.mail.Authentication;
import org.pintail.mail.Delivery;
import org.pintail.mail.Forwarder;
import org.pintail.mail.Mail;
import org.pintail.mail.ReceivedReports;
import org.pintail.mime.Source;
import org.pintail.net.Connection;
import org.pintail.smtp.ReceivedField;
import org.pintail.smtp.Refusals;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.smtp.SmtpReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to the MX. Its reply to a message is one for all recipients: 250 says that every copy and every forward is durable.
final class MxSession implements SmtpPolicy.Session {
    private static final Logger LOG = LoggerFactory.getLogger(MxSession.class);
    private static final int HEADER_LOOKED_AT = 256 * 1024;
    private final Mail mail;
    private final MxSettings settings;
    private final Forwarder forwarder;
    private final MxAuthentication authentication;
    private final Connection connection;
    private final @Nullable ReceivedReports reports;
    private final RecipientCheck check;
    private final Map<AccountId, Delivery.Recipient> accounts = new LinkedHashMap<>();
    private final List<RecipientCheck.Forward> forwards = new ArrayList<>();
    private final List<String> recipients = new ArrayList<>();
    private boolean forReports;

    MxSession(Mail mail, MxSettings settings, MxPolicy.Parts parts, Connection connection) {
        this.authentication = parts.authentication();
        this.reports = parts.reports();
        this.mail = mail;
        this.settings = settings;
        this.forwarder = parts.forwarder();
        this.connection = connection;
        this.check = new RecipientCheck(mail, connection.remoteIp(), parts);
    }

    @Override
    public void mail(SmtpPolicy.Sender sender, Authentication.Result.@Nullable Success login) {
        reset();
    }

    @Override
    public void rcpt(MailAddress recipient, Map<String, String> parameters) {
        switch (Refusals.translate(() -> check.check(recipient))) {
            case RecipientCheck.Local local -> accounts.put(local.recipient().account().id(), local.recipient());
            case RecipientCheck.Forward forward -> forwards.add(forward);
            case RecipientCheck.Reports _ -> {
                // nothing but the report is kept
            }
        }
        forReports |= reports != null && reports.isFor(recipient);
        recipients.add(recipient.toString());
    }

    @Override
    public List<SmtpReply> data(SmtpPolicy.Transaction transaction) {
        refuseLoops(transaction.body());
        var received = ReceivedField.of(transaction, connection, settings.hostname(), mail.clock().instant(), false);
        var judged = authentication.judge(transaction, connection);
        var message = Source.concat(Source.concat(Source.of(judged.trace()), Source.of(received)), judged.body());
        Forwarder sealing = (source, sender, recipient, targets) ->
                forwarder.forward(authentication.sealed(source, judged, recipient), sender, recipient, targets);
        Refusals.translate(() -> {
            takeReport(message, judged);
            accounts.values().forEach(recipient -> check.checkRoom(recipient.account())); // before anything is on its way
            for (var forward : forwards) {
                sealing.forward(message, transaction.sender().text(), forward.recipient(), forward.targets());
                check.forwarded(forward);
            }
            if (!accounts.isEmpty()) {
                var envelope = new Delivery.Envelope(
                        transaction.sender().text(), "MX", meta(transaction).with(judged.passed()), true, judged.junk());
                return mail.delivery().deliver(message, envelope, List.copyOf(accounts.values()), sealing);
            }
            return List.of();
        });
        accounts.values().forEach(recipient -> check.delivered(recipient.account()));
        return List.of(new SmtpReply(250, "2.0.0", "Message processed (" + transaction.id() + ")"));
    }

    /// Where an account has the address as well, it gets the message whatever it is.
    private void takeReport(Source message, MxAuthentication.Judged judged) {
        if (reports == null || !forReports) {
            return;
        }
        var outcome = reports.take(message, judged.confirmed());
        LOG.info("report session={} outcome={}", connection.session(), outcome);
        if (outcome instanceof ReceivedReports.NoReport no && accounts.isEmpty() && forwards.isEmpty()) {
            throw new SmtpReply.Refused(new SmtpReply(550, "5.6.0", "This address takes DMARC and TLS reports only: " + no.why()));
        }
    }

    private void refuseLoops(Source body) {
        try {
            var head = body.read(0, HEADER_LOOKED_AT);
            if (Headers.parse(headerOf(head)).all("received").size() > settings.maxReceived()) {
                throw new SmtpReply.Refused(new SmtpReply(554, "5.4.6", "Too many Received fields: possible mail loop"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] headerOf(byte[] head) {
        for (int i = 0; i + 3 < head.length; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                return java.util.Arrays.copyOf(head, i + 2);
            }
        }
        return head;
    }

    private Document meta(SmtpPolicy.Transaction transaction) {
        return Document.of(
                "transactionId", transaction.id(),
                "queueId", transaction.id(),
                "from", transaction.sender().text(),
                "to", List.copyOf(recipients),
                "origin", connection.remoteIp(),
                "transhost", transaction.heloName(),
                "transtype", transaction.protocol(),
                "time", mail.clock().millis());
    }

    @Override
    public void reset() {
        accounts.clear();
        forwards.clear();
        recipients.clear();
        forReports = false;
    }
}
