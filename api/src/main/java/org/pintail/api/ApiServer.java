package org.pintail.api;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;
import org.pintail.net.Tls;

/// Serves the HTTP API.
public final class ApiServer implements AutoCloseable {
    /// `token` null: no token is asked for. `tls` null: plain HTTP. `metrics`: serve `GET /metrics`.
    public record Settings(InetSocketAddress address, @Nullable Tls tls, @Nullable String token, boolean metrics) {}

    private ApiServer() {}

    public static ApiServer open(Mail mail, Outbox outbox, Settings settings) {
        throw new UnsupportedOperationException();
    }

    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
