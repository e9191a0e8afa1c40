package org.pintail.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Just enough IMAP to cause load: sends a command, reads to its tagged answer, looks only at lines and literal lengths.
final class ImapClient implements AutoCloseable {
    private static final int NEWS = 128;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer;
    private int at;
    private int filled;
    private long received;
    private int tag;

    private ImapClient(Socket socket, int bufferSize) throws IOException {
        this.socket = socket;
        in = socket.getInputStream();
        out = socket.getOutputStream();
        buffer = new byte[bufferSize];
        line();
    }

    static ImapClient login(int port, String user) throws IOException {
        return login(plain(port), user, 64 * 1024);
    }

    /// With a small buffer, for many at once.
    static ImapClient idler(int port, String user, boolean tls) throws IOException {
        var socket = plain(port);
        return login(tls ? secured(socket) : socket, user, 512);
    }

    private static Socket plain(int port) throws IOException {
        var socket = new Socket();
        socket.connect(Ports.local(port));
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static Socket secured(Socket socket) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static ImapClient login(Socket socket, String user, int bufferSize) throws IOException {
        var client = new ImapClient(socket, bufferSize);
        client.command("LOGIN " + user + " " + Peer.PASSWORD);
        return client;
    }

    /// Returns how many bytes came.
    long command(String text) throws IOException {
        var name = "a" + ++tag;
        send(name + " " + text + "\r\n");
        return finish(name);
    }

    /// Returns the lines before the tagged one.
    String answer(String text) throws IOException {
        var name = "a" + ++tag;
        send(name + " " + text + "\r\n");
        var answer = new StringBuilder();
        for (var line = line(); !line.startsWith(name + " "); line = line()) {
            answer.append(line).append('\n');
        }
        return answer.toString();
    }

    /// What the first group of `pattern` finds.
    static String find(Pattern pattern, String text) throws IOException {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    void append(String mailbox, byte[] message) throws IOException {
        var name = "a" + ++tag;
        var head = (name + " APPEND " + mailbox + " {" + message.length + "}\r\n").getBytes(StandardCharsets.US_ASCII);
        out.write(head);
        if (!line().startsWith("+")) {
            throw new IOException("APPEND was not invited to go on");
        }
        var whole = java.util.Arrays.copyOf(message, message.length + 2);
        whole[message.length] = '\r';
        whole[message.length + 1] = '\n';
        out.write(whole);
        finish(name);
    }

    /// Leaves the connection in IDLE.
    void idle() throws IOException {
        send("i IDLE\r\n");
        for (var line = line(); !line.startsWith("+"); line = line()) {
            if (line.startsWith("i ")) {
                throw new IOException("IDLE: " + line);
            }
        }
        buffer = new byte[0];
    }

    /// In IDLE: returns when the server has told of more messages.
    void awaitExists() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[NEWS];
        }
        while (!line().contains(" EXISTS")) {
            continue; // something else
        }
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private long finish(String name) throws IOException {
        long before = received;
        while (true) {
            var line = line();
            if (line.startsWith(name + " ")) {
                if (!line.startsWith(name + " OK")) {
                    throw new IOException("refused: " + line);
                }
                return received - before;
            }
        }
    }

    /// The next line with its literals left out.
    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            if (line.length() < 1000) {
                line.append(new String(buffer, at, end - at, StandardCharsets.ISO_8859_1));
            }
            boolean complete = end < filled;
            at = complete ? end + 1 : end;
            if (!complete) {
                fill();
                continue;
            }
            int literal = literal(line);
            if (literal < 0) {
                return line.toString();
            }
            skip(literal);
        }
    }

    private static int literal(StringBuilder line) {
        int end = line.length() - (line.length() > 0 && line.charAt(line.length() - 1) == '\r' ? 1 : 0);
        if (end < 3 || line.charAt(end - 1) != '}') {
            return -1;
        }
        int open = line.lastIndexOf("{");
        int length = open < 0 ? -1 : Integer.parseInt(line.substring(open + 1, end - 1));
        line.setLength(0);
        line.append("literal");
        return length;
    }

    private void skip(int bytes) throws IOException {
        int left = bytes;
        while (left > filled - at) {
            left -= filled - at;
            at = filled;
            fill();
        }
        at += left;
    }

    private void fill() throws IOException {
        at = 0;
        filled = in.read(buffer);
        if (filled < 0) {
            throw new EOFException("the server left");
        }
        received += filled;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// Contestants have certificates of their own making.
    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("a client only");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // whoever answers on this machine's own port
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
