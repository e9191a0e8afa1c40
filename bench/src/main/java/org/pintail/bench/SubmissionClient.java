package org.pintail.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Just enough SMTP to log in and send.
final class SubmissionClient implements AutoCloseable {
    private final SmtpConnection connection;

    SubmissionClient(int port, String user) throws IOException {
        connection = new SmtpConnection(port);
        connection.command("EHLO bench.test", 250);
        var login = ("\0" + user + "\0" + Peer.PASSWORD).getBytes(StandardCharsets.UTF_8);
        connection.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(login), 235);
    }

    /// `message` must end in CRLF and have no line that begins with a dot.
    void send(String from, String to, byte[] message) throws IOException {
        connection.write("MAIL FROM:<" + from + ">\r\nRCPT TO:<" + to + ">\r\nDATA\r\n");
        connection.expect(250);
        connection.expect(250);
        connection.expect(354);
        connection.message(message);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
