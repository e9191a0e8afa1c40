package org.pintail.mx;

import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;

/// The MX: no relaying, recipients checked at RCPT, one true reply for all of them.
public final class MxPolicy implements SmtpPolicy {
    public MxPolicy(Mail mail, MxSettings settings, Forwarder forwarder) {}

    @Override
    public Settings settings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session open(Connection connection) {
        throw new UnsupportedOperationException();
    }
}
