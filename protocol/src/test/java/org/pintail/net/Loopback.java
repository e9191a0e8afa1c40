package org.pintail.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.pintail.testkit.Wire;

/// A service on two listeners of this machine: one as it is, one behind a proxy for clients that come from elsewhere.
public final class Loopback implements AutoCloseable {
    private final Listener near;
    private final Listener proxied;

    public Loopback(Path directory, Listener.Service service) throws IOException {
        var tls = Tls.selfSigned(directory.resolve("tls"), List.of("localhost"));
        near = Listener.open(settings(false), tls, service);
        proxied = Listener.open(settings(true), tls, service);
    }

    private static Listener.Settings settings(boolean proxied) {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Listener.Settings("test", anyPort, false, proxied, 100, 100);
    }

    public InetSocketAddress address() {
        return near.address();
    }

    public Wire connect() throws IOException {
        return Wire.connect(near.address());
    }

    /// A client at 192.0.2.1.
    public Wire connectFromAfar() throws IOException {
        return Wire.connect(proxied.address()).send("PROXY TCP4 192.0.2.1 192.0.2.2 40000 25");
    }

    /// Begins to go down; connections have 10 s to finish what they do.
    public void drain() {
        Thread.ofVirtual().start(() -> near.drain(Duration.ofSeconds(10)));
    }

    @Override
    public void close() {
        near.close();
        proxied.close();
    }
}
