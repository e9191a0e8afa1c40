package org.pintail.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Accepts connections on one address, each served on a virtual thread of its own.
public final class Listener implements AutoCloseable {
    /// What a connection is used for; runs until the dialogue ends. The connection is closed afterwards.
    public interface Service {
        void serve(Connection connection) throws IOException;
    }

    /// `tlsFromStart`: implicit TLS. `proxyProtocol`: every client must begin with PROXY v1 or v2. `perAddress`: connections of one client address.
    public record Settings(
            String name, InetSocketAddress address, boolean tlsFromStart, boolean proxyProtocol, int maxConnections, int perAddress) {}

    private Listener() {}

    /// Binds and begins to accept. Throws `BindException` when the address is in use.
    public static Listener open(Settings settings, Tls tls, Service service) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// The bound address (with the real port).
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    public int connections() {
        throw new UnsupportedOperationException();
    }

    /// Stops accepting, tells connections to drain, waits up to `grace` for them, then closes what is left.
    public void drain(Duration grace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
