package org.pintail.mta;

import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;

/// Submission (RFC 6409): AUTH, the From check, limits, the Sent copy, then the [Outbox].
public final class SubmissionPolicy implements SmtpPolicy {
    private final Mail mail;
    private final Outbox outbox;
    private final MtaSettings settings;

    public SubmissionPolicy(Mail mail, Outbox outbox, MtaSettings settings) {
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
        return new SubmissionSession(mail, outbox, settings, connection);
    }
}
