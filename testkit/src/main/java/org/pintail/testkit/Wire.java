package org.pintail.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// A client that says exactly what a test wants and shows exactly what came back. Reads give up after 10 s.
public final class Wire implements AutoCloseable {
    private static final int PATIENCE = 10_000;
    private Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    public static Wire connect(InetSocketAddress server) throws IOException {
        var socket = new Socket(server.getAddress(), server.getPort());
        socket.setSoTimeout(PATIENCE);
        socket.setTcpNoDelay(true);
        return new Wire(socket);
    }

    /// Plays a dialogue: `C:` lines are sent, `S:` lines must come; `S: closed` is the end of the stream.
    public Wire play(String dialogue) throws IOException {
        for (var step : Dialogue.parse(dialogue).steps()) {
            if (step.client()) {
                send(step.text());
            } else if (step.text().equals("closed")) {
                expectEnd();
            } else {
                var line = line();
                if (!step.matches(line)) {
                    throw new AssertionError("expected: " + step.text() + "\n     got: " + line);
                }
            }
        }
        return this;
    }

    /// Each line with CRLF, all in one write.
    public Wire send(String... lines) throws IOException {
        return raw(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8), new byte[] {'\r', '\n'});
    }

    /// As it stands, a byte per character.
    public Wire raw(String latin1) throws IOException {
        return raw(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire raw(byte[]... pieces) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var piece : pieces) {
            all.writeBytes(piece);
        }
        socket.getOutputStream().write(all.toByteArray());
        return this;
    }

    /// The next line without its CRLF. `EOFException` at the end of stream.
    public String line() throws IOException {
        var line = rawLine();
        if (!line.endsWith("\r\n")) {
            throw new AssertionError("a line that does not end in CRLF: " + line);
        }
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), 0, line.length() - 2, StandardCharsets.UTF_8);
    }

    /// The next line with its end, a character per byte.
    private String rawLine() throws IOException {
        var line = new StringBuilder();
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
            line.append((char) b);
            if (b == '\n') {
                return line.toString();
            }
        }
        throw new EOFException("the server closed the connection after \"" + line + "\"");
    }

    /// One byte. `EOFException` at the end of stream.
    public byte octet() throws IOException {
        int b = socket.getInputStream().read();
        if (b < 0) {
            throw new EOFException("the server closed the connection");
        }
        return (byte) b;
    }

    /// An SMTP reply, all lines of it.
    public List<String> reply() throws IOException {
        var lines = new ArrayList<String>();
        do {
            lines.add(line());
        } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
        return lines;
    }

    /// Codes of the next replies, in order.
    public List<Integer> codes(int count) throws IOException {
        var codes = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            codes.add(Integer.valueOf(reply().getLast().substring(0, 3)));
        }
        return codes;
    }

    /// What POP3 sends before the lone dot, dot-stuffing undone, a character per byte.
    public String dotted() throws IOException {
        var text = new StringBuilder();
        for (var line = rawLine(); !line.equals(".\r\n"); line = rawLine()) {
            text.append(line.startsWith(".") ? line.substring(1) : line);
        }
        return text.toString();
    }

    private void expectEnd() throws IOException {
        try {
            int b = socket.getInputStream().read();
            if (b >= 0) {
                throw new AssertionError("expected the end, got: " + (char) b + line());
            }
        } catch (SocketException e) {
            // reset: the server closed with some of our bytes unread
            socket.close();
        }
    }

    /// The client's side of a handshake; any certificate will do.
    public Wire startTls() throws IOException {
        return startTls(new KeyManager[0]);
    }

    /// The same, for a client that shows a certificate of its own when it is asked for one.
    public Wire startTls(KeyManager... own) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(own, new TrustManager[] {new AnyCertificate()}, null);
            var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            secured.startHandshake();
            socket = secured;
            return this;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// The TLS session, once there is one.
    public ExtendedSSLSession tls() {
        if (socket instanceof SSLSocket secured && secured.getSession() instanceof ExtendedSSLSession session) {
            return session;
        }
        throw new IllegalStateException("no TLS yet");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
