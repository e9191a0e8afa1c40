package org.pintail.pop3;

import java.io.IOException;
import java.util.Optional;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.pintail.net.Listener;
import org.pintail.sasl.Sasl;

/// Speaks POP3 on each connection it is given.
public final class Pop3Server implements Listener.Service {
    private final Mail mail;
    private final Sasl sasl;
    private final Pop3Limits limits;

    /// Without OAuth.
    public Pop3Server(Mail mail, Pop3Limits limits) {
        this(mail, new Sasl(mail.authentication(), Optional.empty()), limits);
    }

    public Pop3Server(Mail mail, Sasl sasl, Pop3Limits limits) {
        this.sasl = sasl;
        this.mail = mail;
        this.limits = limits;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        connection.timeout(limits.idle());
        new Pop3Dialogue(connection, mail, sasl, limits).run();
    }
}
