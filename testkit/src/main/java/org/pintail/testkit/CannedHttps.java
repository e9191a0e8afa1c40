package org.pintail.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/// An HTTPS server on the loopback that gives the n-th connection the n-th answer, byte for byte, and then the last one again.
/// An answer of `(silence)` never comes.
public final class CannedHttps implements AutoCloseable {
    private static final int PATIENCE = 10_000;
    private final ServerSocket server;
    private final List<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    public CannedHttps(SSLContext tls, String... answers) throws IOException {
        this.server = tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.answers = new ArrayList<>(List.of(answers));
        Thread.ofVirtual().name("canned-https").start(this::accept);
    }

    /// `200 OK` with this body.
    public static String ok(String mediaType, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + mediaType + "\r\nContent-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length
                + "\r\nConnection: close\r\n\r\n" + body;
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Heads and bodies as they came, a character per byte.
    public List<String> requests() {
        return requests;
    }

    private void accept() {
        for (int i = 0; !server.isClosed(); i++) {
            var answer = answers.get(Math.min(i, answers.size() - 1));
            try {
                var socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket, answer));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    requests.add("accept failed: " + e);
                }
            }
        }
    }

    private void serve(Socket socket, String answer) {
        try {
            socket.setSoTimeout(PATIENCE);
            requests.add(request(new BufferedInputStream(socket.getInputStream())));
            if (answer.equals("(silence)")) {
                return; // until the client or the test closes it
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.close();
        } catch (IOException e) {
            requests.add("failed: " + e); // a client that does not like the certificate
        }
    }

    private static String request(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            head.write(b);
        }
        var text = head.toString(StandardCharsets.ISO_8859_1);
        int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("\r\ncontent-length: ");
        if (at >= 0) {
            int length = Integer.parseInt(text.substring(at + 18, text.indexOf('\r', at + 2)));
            head.writeBytes(in.readNBytes(length));
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
