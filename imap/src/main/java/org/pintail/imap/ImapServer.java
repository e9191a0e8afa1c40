package org.pintail.imap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.net.Listener;
import org.pintail.push.ApplePush;
import org.pintail.sasl.Sasl;

/// Speaks IMAP on each connection it is given.
public final class ImapServer implements Listener.Service {
    private final Mail mail;
    private final Sasl sasl;
    private final Optional<ApplePush> push;
    private final ImapLimits limits;
    private final Path spoolDirectory;
    private final Kept kept;

    /// Without OAuth and push, with `\Recent`.
    public ImapServer(Mail mail, ImapLimits limits, Path spoolDirectory) {
        this(mail, new Sasl(mail.authentication(), Optional.empty()), Optional.empty(), limits, spoolDirectory, true);
    }

    /// `push`: XAPPLEPUSHSERVICE is offered; `recent`: clients that did not enable IMAP4rev2 see `\Recent`.
    public ImapServer(Mail mail, Sasl sasl, Optional<ApplePush> push, ImapLimits limits, Path spoolDirectory, boolean recent) {
        this.mail = mail;
        this.sasl = sasl;
        this.push = push;
        this.limits = limits;
        this.spoolDirectory = spoolDirectory;
        this.kept = Kept.of(mail, recent);
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Dialogue(connection, mail, sasl, push, limits, spoolDirectory, kept).run();
    }
}
