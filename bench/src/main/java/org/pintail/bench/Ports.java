package org.pintail.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Free ports of this machine, and waiting until somebody listens on them.
final class Ports {
    private Ports() {}

    static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static void awaitListener(int port) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try (var socket = new Socket()) {
                socket.connect(local(port));
                return;
            } catch (IOException e) {
                if (attempt == 200) {
                    throw new IOException("nobody listens on port " + port, e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }
}
