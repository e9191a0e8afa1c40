package org.pintail.mx;

import org.jspecify.annotations.Nullable;
import org.pintail.mail.Forwarder;
import org.pintail.mail.Mail;
import org.pintail.mail.ReceivedReports;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.srs.Srs;

/// The MX: no relaying, recipients checked at RCPT, one true reply for all of them.
public final class MxPolicy implements SmtpPolicy {
    private final Mail mail;
    private final MxSettings settings;
    private final Parts parts;

    /// What the MX works with.
    ///
    /// @param srs reads return paths that were rewritten for forwarded mail; null knows none
    /// @param reports takes reports about our domains; null takes none
    public record Parts(Forwarder forwarder, MxAuthentication authentication, @Nullable Srs srs, @Nullable ReceivedReports reports) {}

    public MxPolicy(Mail mail, MxSettings settings, Parts parts) {
        this.mail = mail;
        this.settings = settings;
        this.parts = parts;
    }

    @Override
    public Settings settings() {
        return new Settings(settings.hostname(), "Pintail", false, false, false, settings.maxSize(), settings.maxRecipients());
    }

    @Override
    public Session open(Connection connection) {
        return new MxSession(mail, settings, parts, connection);
    }
}
