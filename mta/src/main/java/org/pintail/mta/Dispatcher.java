package org.pintail.mta;

import org.pintail.mail.Mail;

/// Claims due rows of the queue and delivers them: to local accounts without leaving, to `route`, or to MX hosts.
public final class Dispatcher implements AutoCloseable {
    public Dispatcher(Mail mail, Outbox outbox, MtaSettings settings) {}

    public void start() {
        throw new UnsupportedOperationException();
    }

    /// Takes no more work and waits for running deliveries.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
