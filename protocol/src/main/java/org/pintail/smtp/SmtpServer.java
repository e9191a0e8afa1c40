package org.pintail.smtp;

import java.io.IOException;
import java.nio.file.Path;
import org.pintail.net.Connection;
import org.pintail.net.Listener;

/// Speaks SMTP (or LMTP, by its policy) on each connection it is given.
public final class SmtpServer implements Listener.Service {
    private final SmtpPolicy policy;
    private final SmtpLimits limits;
    private final Path spoolDirectory;

    public SmtpServer(SmtpPolicy policy, SmtpLimits limits, Path spoolDirectory) {
        this.policy = policy;
        this.limits = limits;
        this.spoolDirectory = spoolDirectory;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        connection.timeout(limits.idle());
        var session = policy.open(connection);
        try {
            new SmtpDialogue(connection, policy.settings(), session, limits, spoolDirectory).run();
        } finally {
            session.closed();
        }
    }
}
