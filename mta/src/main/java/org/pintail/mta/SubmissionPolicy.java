package org.pintail.mta;

import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;

/// Submission (RFC 6409): AUTH, the From check, limits, the Sent copy, then the [Outbox].
public final class SubmissionPolicy implements SmtpPolicy {
    public SubmissionPolicy(Mail mail, Outbox outbox, MtaSettings settings) {}

    @Override
    public Settings settings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session open(Connection connection) {
        throw new UnsupportedOperationException();
    }
}
