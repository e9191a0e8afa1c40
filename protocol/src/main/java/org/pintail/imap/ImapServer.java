package org.pintail.imap;

import java.io.IOException;
import java.nio.file.Path;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.net.Listener;

/// Speaks IMAP on each connection it is given.
public final class ImapServer implements Listener.Service {
    public ImapServer(Mail mail, ImapLimits limits, Path spoolDirectory) {}

    @Override
    public void serve(Connection connection) throws IOException {
        throw new UnsupportedOperationException();
    }
}
