package org.pintail.mta;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.StoreException;
import org.pintail.header.HeaderAddress;
import org.pintail.mail.Account;
import org.pintail.mail.Authentication;
import org.pintail.mail.Mail;
import org.pintail.mail.Mailstore;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;
import org.pintail.net.Connection;
import org.pintail.sasl.Sasl;
import org.pintail.smtp.ReceivedField;
import org.pintail.smtp.Refusals;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.smtp.SmtpReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to submission.
final class SubmissionSession implements SmtpPolicy.Session {
    private static final Logger LOG = LoggerFactory.getLogger(SubmissionSession.class);
    private static final Duration DAY = Duration.ofDays(1);
    private final Mail mail;
    private final Sasl sasl;
    private final Outbox outbox;
    private final MtaSettings settings;
    private final Connection connection;
    private @Nullable Account account;
    private String sender = "";
    private int accepted;

    SubmissionSession(Mail mail, Sasl sasl, Outbox outbox, MtaSettings settings, Connection connection) {
        this.mail = mail;
        this.sasl = sasl;
        this.outbox = outbox;
        this.settings = settings;
        this.connection = connection;
    }

    @Override
    public Sasl sasl() {
        return sasl;
    }

    @Override
    public void mail(SmtpPolicy.Sender from, Authentication.Result.@Nullable Success login) {
        if (login == null) {
            throw refused(530, "5.7.0", "Authentication required");
        }
        var who = mail.accounts().find(login.account()).orElseThrow(() -> refused(550, "5.7.1", "This account was deleted"));
        if (who.disabled() || who.suspended()) {
            throw refused(550, "5.7.1", "User \"" + who.username() + "\" is currently disabled");
        }
        account = who;
        accepted = 0;
        boolean mine = from.address() != null && mail.addresses().maySendAs(who, from.address());
        sender = mine ? from.text() : who.address();
        if (sender.isEmpty()) {
            throw refused(550, "5.7.1", "This account has no address to send from");
        }
    }

    @Override
    public void rcpt(MailAddress recipient, Map<String, String> parameters) {
        var who = java.util.Objects.requireNonNull(account);
        long own = who.document().number("recipients");
        long limit = own > 0 ? own : mail.settings().maxRecipients();
        var sent = mail.store().counters().read(counter(who));
        if (sent.value() + accepted >= limit) {
            throw refused(550, "5.7.1", "You reached a daily sending limit for your account. Limit expires in " + Math.max(1, sent.left().toMinutes()) + " minutes");
        }
        accepted++;
    }

    private static String counter(Account account) {
        return "wdr:" + account.id().hex();
    }

    @Override
    public List<SmtpReply> data(SmtpPolicy.Transaction transaction) {
        var who = java.util.Objects.requireNonNull(account);
        CompletedMessage completed;
        try {
            completed = checkedFrom(who, CompletedMessage.of(transaction.body(), sender, mail.clock().instant()));
        } catch (IllegalArgumentException e) {
            throw refused(552, "5.3.4", String.valueOf(e.getMessage()));
        }
        var received = ReceivedField.of(transaction, connection, settings.hostname(), mail.clock().instant(), false);
        var message = Source.concat(Source.of(received), completed.source());
        var recipients = transaction.recipients().stream().map(MailAddress::toString).distinct().toList();
        var outgoing = new Outbox.Outgoing(sender, recipients, message, "submit", connection.remoteIp(), who.id(), null);
        var id = Refusals.translate(() -> outbox.enqueueCompleted(outgoing, completed.headers()));
        mail.store().counters().add(counter(who), recipients.size(), Long.MAX_VALUE, DAY);
        keepSent(who, message, completed, id, recipients);
        return List.of(new SmtpReply(250, "2.0.0", "Message queued as " + id));
    }

    /// Every address in From must be one of the account; otherwise the envelope's takes its place.
    private CompletedMessage checkedFrom(Account who, CompletedMessage message) {
        var from = message.from().stream().map(HeaderAddress.Mailbox::address).toList();
        boolean mine = from.stream().allMatch(f -> MailAddress.parse(f).filter(a -> mail.addresses().maySendAs(who, a)).isPresent());
        if (mine && !from.isEmpty()) {
            return message;
        }
        LOG.info("from rewritten session={} user={} from={} to={}", connection.session(), who.username(), from, sender);
        return message.withFrom(sender);
    }

    /// The message is on its way already: a Sent copy that fails is logged and not told to the client, who would send again.
    private void keepSent(Account who, Source message, CompletedMessage completed, String id, List<String> recipients) {
        if (!who.document().bool("uploadSentMessages")) {
            return;
        }
        try {
            var sent = mail.folders().findSpecial(who.id(), "\\Sent");
            if (sent.isEmpty() || SentCopy.exists(mail, sent.get().id(), completed.messageId())) {
                return;
            }
            var meta = Document.of(
                    "source", "SMTP", "queueId", id, "from", sender, "to", recipients, "origin", connection.remoteIp(), "time",
                    mail.clock().millis());
            mail.mailstore()
                    .append(message, new Mailstore.Placement(who, sent.get().id(), Flags.of("\\Seen"), null, new byte[0], meta, true, null));
        } catch (Refusal | StoreException e) {
            LOG.warn("sent copy not kept session={} user={} queue={} error={}", connection.session(), who.username(), id, e.toString());
        }
    }

    @Override
    public void reset() {
        account = null;
        sender = "";
        accepted = 0;
    }

    private static SmtpReply.Refused refused(int code, String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(code, status, text));
    }
}
