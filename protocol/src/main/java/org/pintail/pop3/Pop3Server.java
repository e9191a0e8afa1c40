package org.pintail.pop3;

import java.io.IOException;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.net.Listener;

/// Speaks POP3 on each connection it is given.
public final class Pop3Server implements Listener.Service {
    private final Mail mail;
    private final Pop3Limits limits;

    public Pop3Server(Mail mail, Pop3Limits limits) {
        this.mail = mail;
        this.limits = limits;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        connection.timeout(limits.idle());
        new Pop3Dialogue(connection, mail, limits).run();
    }
}
