package org.pintail.bench;

import java.io.IOException;

/// Just enough LMTP to deliver to one recipient at a time.
final class LmtpClient implements AutoCloseable {
    private final SmtpConnection connection;

    LmtpClient(int port) throws IOException {
        connection = new SmtpConnection(port);
        connection.command("LHLO bench.test", 250);
    }

    /// `message` must end in CRLF and have no line that begins with a dot.
    void send(String to, byte[] message) throws IOException {
        connection.command("MAIL FROM:<ada@source.test>", 250);
        connection.command("RCPT TO:<" + to + ">", 250);
        connection.command("DATA", 354);
        connection.message(message);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
