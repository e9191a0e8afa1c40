package org.pintail.mta;

import java.util.Optional;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.sasl.Sasl;
import org.pintail.smtp.SmtpPolicy;

/// Submission (RFC 6409): AUTH, the From check, limits, the Sent copy, then the [Outbox].
public final class SubmissionPolicy implements SmtpPolicy {
    private final Mail mail;
    private final Sasl sasl;
    private final Outbox outbox;
    private final MtaSettings settings;

    /// Without OAuth.
    public SubmissionPolicy(Mail mail, Outbox outbox, MtaSettings settings) {
        this(mail, new Sasl(mail.authentication(), Optional.empty()), outbox, settings);
    }

    public SubmissionPolicy(Mail mail, Sasl sasl, Outbox outbox, MtaSettings settings) {
        this.sasl = sasl;
        this.mail = mail;
        this.outbox = outbox;
        this.settings = settings;
    }

    @Override
    public Settings settings() {
        return new Settings(settings.hostname(), "Pintail", false, true, true, settings.maxSize(), settings.maxRecipients());
    }

    @Override
    public Session open(Connection connection) {
        return new SubmissionSession(mail, sasl, outbox, settings, connection);
    }
}
