package org.pintail.smtp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.mail.Authentication;
import org.pintail.mime.Spool;
import org.pintail.net.Connection;
import org.pintail.sasl.Sasl;

/// What a server does with the dialogue: the MX, submission and LMTP each have one. A new [Session] is made per connection; methods run on
/// its thread, may block, and throw [SmtpReply.Refused] to answer with a 4xx or 5xx reply.
public interface SmtpPolicy {
    /// What the server announces and allows.
    record Settings(
            String hostname,
            String banner,
            boolean lmtp,
            boolean authOffered,
            boolean authRequired,
            long maxSize,
            int maxRecipients) {}

    Settings settings();

    Session open(Connection connection);

    /// `null` sender is an empty `<>`. `parameters` are those of MAIL FROM, names upper case. `utf8`: SMTPUTF8 was given.
    record Sender(@Nullable MailAddress address, Map<String, String> parameters, boolean utf8) {
        public String text() {
            return address == null ? "" : address.toString();
        }
    }

    /// A finished message. `heloName` as the client gave it; `protocol` is ESMTP, ESMTPS, ESMTPSA, UTF8SMTP… (RFC 3848, 6531) or LMTP.
    record Transaction(
            String id,
            String heloName,
            String protocol,
            Sender sender,
            List<MailAddress> recipients,
            Authentication.Result.@Nullable Success login,
            Spool body) {}

    /// One connection's decisions.
    interface Session {
        /// Before the banner; a refusal is sent instead of it and the connection closed.
        default void connected() {}

        /// The mechanisms of AUTH; there where the settings say it is offered.
        default Sasl sasl() {
            throw new SmtpReply.Refused(new SmtpReply(503, "5.5.1", "AUTH is not offered here"));
        }

        void mail(Sender sender, Authentication.Result.@Nullable Success login);

        void rcpt(MailAddress recipient, Map<String, String> parameters);

        /// The message is complete. SMTP: one reply. LMTP: one per recipient, in order. What it says is true when it returns.
        List<SmtpReply> data(Transaction transaction);

        /// RSET, a new MAIL, or the end of the transaction.
        default void reset() {}

        default void closed() {}
    }
}
