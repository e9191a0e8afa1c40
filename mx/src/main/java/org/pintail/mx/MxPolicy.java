package org.pintail.mx;

import org.jspecify.annotations.Nullable;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.srs.Srs;

/// The MX: no relaying, recipients checked at RCPT, one true reply for all of them.
public final class MxPolicy implements SmtpPolicy {
    private final Mail mail;
    private final MxSettings settings;
    private final Forwarder forwarder;
    private final MxAuthentication authentication;
    private final @Nullable Srs srs;

    /// `srs`: reads return paths that were rewritten for forwarded mail; null knows none.
    public MxPolicy(Mail mail, MxSettings settings, Forwarder forwarder, MxAuthentication authentication, @Nullable Srs srs) {
        this.authentication = authentication;
        this.srs = srs;
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
        return new MxSession(mail, settings, forwarder, authentication, srs, connection);
    }
}
