package org.pintail.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pintail.mail.MailSettings;

/// Serves clients whose every word is known beforehand, without a network: for inputs by the million. A fuzz test registers it.
public final class Rehearsal implements AfterAllCallback {
    private final Path directory;
    private final Tls tls;
    private final Listener listener;

    public Rehearsal() {
        try {
            directory = Files.createTempDirectory("rehearsal");
            tls = Tls.selfSigned(directory.resolve("tls"), List.of("localhost"));
            var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            listener = Listener.open(new Listener.Settings("rehearsal", anyPort, false, false, 1, 1), tls, connection -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// For what a server spools.
    public Path directory() {
        return directory;
    }

    /// Of a server that refuses every password unseen: to check one costs as much as hundreds of inputs.
    public static MailSettings noPasswords() {
        var usual = MailSettings.defaults("mail.example.org");
        return new MailSettings(
                usual.hostname(),
                usual.maxStorage(),
                usual.maxMailboxes(),
                usual.maxMessageSize(),
                0,
                usual.authWindow(),
                usual.authLogTime(),
                usual.passwordCache(),
                usual.maxRecipients());
    }

    public Tls tls() {
        return tls;
    }

    /// What the server says to a client that sends `input` and leaves, a character per byte.
    public String serve(byte[] input, Listener.Service service) {
        var output = new ByteArrayOutputStream();
        try (var connection = new Connection(new Script(input, output), listener, tls, "rehearsal")) {
            service.serve(connection);
            connection.flush();
        } catch (IOException left) {
            // the client left in the middle of something, as it may
            output.write('\n');
        }
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        listener.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static final class Script extends Socket {
        private final InputStream in;
        private final OutputStream out;

        Script(byte[] input, OutputStream out) {
            this.in = new ByteArrayInputStream(input);
            this.out = out;
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }

        @Override
        public InetAddress getInetAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
        }

        @Override
        public SocketAddress getLocalSocketAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_001);
        }

        @Override
        public void setSoTimeout(int milliseconds) {
            // nothing here waits
        }

        @Override
        public boolean isConnected() {
            return true;
        }
    }
}
