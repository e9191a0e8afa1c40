package org.pintail.imap;

import java.io.IOException;
import java.nio.file.Path;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.net.Listener;

/// Speaks IMAP on each connection it is given.
public final class ImapServer implements Listener.Service {
    private final Mail mail;
    private final ImapLimits limits;
    private final Path spoolDirectory;
    private final Snapshots snapshots;

    public ImapServer(Mail mail, ImapLimits limits, Path spoolDirectory) {
        this.mail = mail;
        this.limits = limits;
        this.spoolDirectory = spoolDirectory;
        this.snapshots = new Snapshots(mail.store());
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Dialogue(connection, mail, limits, spoolDirectory, snapshots).run();
    }
}
