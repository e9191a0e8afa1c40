package org.pintail.lmtp;

import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;

/// LMTP delivery into the accounts of this installation (imap-pop3 §6).
public final class LmtpPolicy implements SmtpPolicy {
    public LmtpPolicy(Mail mail, long maxSize) {}

    @Override
    public Settings settings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session open(Connection connection) {
        throw new UnsupportedOperationException();
    }
}
