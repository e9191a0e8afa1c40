package org.pintail.mx;

import org.pintail.mail.Forwarder;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;

/// The MX: no relaying, recipients checked at RCPT, one true reply for all of them.
public final class MxPolicy implements SmtpPolicy {
    private final Mail mail;
    private final MxSettings settings;
    private final Forwarder forwarder;

    public MxPolicy(Mail mail, MxSettings settings, Forwarder forwarder) {
        this.mail = mail;
        this.settings = settings;
        this.forwarder = forwarder;
    }

    @Override
    public Settings settings() {
        return new Settings(settings.hostname(), "Pintail", false, false, false, settings.maxSize(), settings.maxRecipients());
    }

    @Override
    public Session open(Connection connection) {
        return new MxSession(mail, settings, forwarder, connection);
    }
}
