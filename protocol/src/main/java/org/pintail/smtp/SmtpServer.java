package org.pintail.smtp;

import java.io.IOException;
import java.nio.file.Path;
import org.pintail.net.Connection;
import org.pintail.net.Listener;

/// Speaks SMTP (or LMTP, by its policy) on each connection it is given.
public final class SmtpServer implements Listener.Service {
    public SmtpServer(SmtpPolicy policy, SmtpLimits limits, Path spoolDirectory) {}

    @Override
    public void serve(Connection connection) throws IOException {
        throw new UnsupportedOperationException();
    }
}
