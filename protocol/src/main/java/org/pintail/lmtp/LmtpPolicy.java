package org.pintail.lmtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.mail.Account;
import org.pintail.mail.Addresses;
import org.pintail.mail.Authentication;
import org.pintail.mail.Delivery;
import org.pintail.mail.Forwarder;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.Refusals;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.smtp.SmtpReply;

/// LMTP delivery into the accounts of this installation: exact addresses and domain aliases, no wildcards, nothing added but
/// Delivered-To and Return-Path. One reply per recipient, each true for it alone.
public final class LmtpPolicy implements SmtpPolicy {
    private static final int MAX_RECIPIENTS = 1000;
    private final Mail mail;
    private final long maxSize;
    private final Forwarder forwarder;

    public LmtpPolicy(Mail mail, long maxSize, Forwarder forwarder) {
        this.mail = mail;
        this.maxSize = maxSize;
        this.forwarder = forwarder;
    }

    @Override
    public Settings settings() {
        return new Settings(mail.settings().hostname(), "Pintail", true, false, false, maxSize, MAX_RECIPIENTS);
    }

    @Override
    public Session open(Connection connection) {
        return new LmtpSession(connection);
    }

    private final class LmtpSession implements Session {
        private final Connection connection;
        private final List<Delivery.Recipient> recipients = new ArrayList<>();

        LmtpSession(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void mail(Sender sender, Authentication.Result.@Nullable Success login) {
            recipients.clear();
        }

        @Override
        public void rcpt(MailAddress address, Map<String, String> parameters) {
            recipients.add(Refusals.translate(() -> resolve(address)));
        }

        private Delivery.Recipient resolve(MailAddress address) {
            var account = mail.lookups().resolve(address, false).orElse(null) instanceof Addresses.Resolved.OfAccount found
                    ? mail.lookups().account(found.account())
                    : Optional.<Account>empty();
            return new Delivery.Recipient(
                    account.orElseThrow(() -> new SmtpReply.Refused(new SmtpReply(550, "5.1.1", "Unknown recipient"))), address.toString());
        }

        @Override
        public List<SmtpReply> data(Transaction transaction) {
            var envelope = new Delivery.Envelope(transaction.sender().text(), "MX", meta(transaction), true);
            Map<AccountId, SmtpReply> byAccount = new HashMap<>();
            var replies = new ArrayList<SmtpReply>();
            for (var recipient : recipients) {
                replies.add(byAccount.computeIfAbsent(recipient.account().id(), _ -> deliver(transaction, envelope, recipient)));
            }
            return replies;
        }

        private SmtpReply deliver(Transaction transaction, Delivery.Envelope envelope, Delivery.Recipient recipient) {
            try {
                var delivered = Refusals.translate(() -> mail.delivery().deliver(transaction.body(), envelope, List.of(recipient), forwarder).getFirst());
                return new SmtpReply(250, "2.0.0", delivered.text());
            } catch (SmtpReply.Refused e) {
                return e.reply();
            }
        }

        private Document meta(Transaction transaction) {
            return Document.of(
                    "transactionId", transaction.id(),
                    "from", transaction.sender().text(),
                    "to", recipients.stream().map(Delivery.Recipient::address).toList(),
                    "origin", connection.remoteIp(),
                    "transhost", transaction.heloName(),
                    "transtype", transaction.protocol(),
                    "time", mail.clock().millis());
        }

        @Override
        public void reset() {
            recipients.clear();
        }
    }
}
