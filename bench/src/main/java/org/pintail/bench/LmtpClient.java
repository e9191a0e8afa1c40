package org.pintail.bench;

import java.io.IOException;

/// Just enough LMTP to deliver to one recipient at a time.
final class LmtpClient implements AutoCloseable {
    private final SmtpConnection connection;
    private final boolean pipelining;

    /// `pipelining`: the commands before a message go together, as Postfix sends them (RFC 2033 §5 wants every server to take that).
    LmtpClient(int port, boolean pipelining) throws IOException {
        this.pipelining = pipelining;
        connection = new SmtpConnection(port);
        connection.command("LHLO bench.test", 250);
    }

    /// `message` must end in CRLF and have no line that begins with a dot.
    void send(String to, byte[] message) throws IOException {
        var from = "MAIL FROM:<ada@source.test>";
        var recipient = "RCPT TO:<" + to + ">";
        if (pipelining) {
            connection.write(String.join("\r\n", from, recipient, "DATA", ""));
            connection.expect(250);
            connection.expect(250);
            connection.expect(354);
        } else {
            connection.command(from, 250);
            connection.command(recipient, 250);
            connection.command("DATA", 354);
        }
        connection.message(message);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
