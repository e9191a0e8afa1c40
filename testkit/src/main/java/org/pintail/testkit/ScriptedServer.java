package org.pintail.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A server that follows a script: the n-th connection plays the n-th dialogue. `C:` lines must come, `S:` lines are sent;
/// `C: (message)` reads to the lone dot and keeps what came; `S: (tls)` is a handshake; `S: (close)` hangs up. After its script
/// a connection listens until the client leaves.
public final class ScriptedServer implements AutoCloseable {
    private static final int PATIENCE = 10_000;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final CountDownLatch unplayed;
    private final @Nullable SSLContext tls;

    public ScriptedServer(String... dialogues) throws IOException {
        this(null, dialogues);
    }

    public ScriptedServer(@Nullable SSLContext tls, String... dialogues) throws IOException {
        this.tls = tls;
        this.unplayed = new CountDownLatch(dialogues.length);
        var scripts = List.of(dialogues).stream().map(Dialogue::parse).toList();
        Thread.ofVirtual().name("scripted-server").start(() -> accept(scripts));
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /// What came for each `C: (message)`: dot-stuffed as on the wire, without the final dot, a character per byte.
    public List<String> messages() {
        return messages;
    }

    private void accept(List<Dialogue> scripts) {
        try {
            for (var script : scripts) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, script));
            }
            server.accept().close(); // one too many
            failures.add(new AssertionError("a connection without a script"));
        } catch (IOException e) {
            if (!server.isClosed()) {
                failures.add(e);
            }
        }
    }

    private void serve(Socket accepted, Dialogue script) {
        try (accepted) {
            accepted.setSoTimeout(PATIENCE);
            var player = new Player(accepted);
            boolean listening;
            try {
                listening = player.play(script);
            } finally {
                unplayed.countDown();
            }
            if (listening) {
                player.listen();
            }
        } catch (IOException | AssertionError e) {
            failures.add(e);
        }
    }

    /// Waits until every script was played; throws what went wrong.
    public ScriptedServer await() throws InterruptedException {
        if (!unplayed.await(PATIENCE, TimeUnit.MILLISECONDS)) {
            failures.add(new AssertionError(unplayed.getCount() + " dialogues were not played to their end"));
        }
        check();
        return this;
    }

    private void check() {
        if (!failures.isEmpty()) {
            var failed = new AssertionError("the client left the script");
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        check();
    }

    private final class Player {
        private Socket socket;
        private InputStream in;

        Player(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /// False when the server hung up.
        boolean play(Dialogue script) throws IOException {
            for (var step : script.steps()) {
                switch (step.text()) {
                    case "(message)" -> messages.add(message());
                    case "(tls)" -> handshake();
                    case "(close)" -> {
                        return false;
                    }
                    default -> line(step);
                }
            }
            return true;
        }

        void listen() throws IOException {
            socket.setSoTimeout(0);
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (SocketException | SSLException e) {
                socket.close(); // the client may leave as it likes
            }
        }

        private void line(Dialogue.Step step) throws IOException {
            if (!step.client()) {
                socket.getOutputStream().write((step.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
                return;
            }
            var line = new String(read().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            if (!step.matches(line)) {
                throw new AssertionError("expected: " + step.text() + "\n     got: " + line);
            }
        }

        private String message() throws IOException {
            var text = new StringBuilder();
            for (var line = read(); !line.equals("."); line = read()) {
                text.append(line).append("\r\n");
            }
            return text.toString();
        }

        private String read() throws IOException {
            var line = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                line.append((char) b);
                if (b == '\n' && line.length() > 1 && line.charAt(line.length() - 2) == '\r') {
                    return line.substring(0, line.length() - 2);
                }
            }
            throw new EOFException("the client left after \"" + line + "\"");
        }

        private void handshake() throws IOException {
            if (tls == null) {
                throw new AssertionError("the script wants TLS, but there is no certificate");
            }
            var secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            socket = secured;
            in = new BufferedInputStream(secured.getInputStream());
        }
    }
}
