package org.pintail.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.pintail.mime.Source;

/// A client connection to one server: greeting, EHLO, opportunistic STARTTLS, then any number of transactions. Blocking.
public final class SmtpClient implements AutoCloseable {
    /// `tls`: NONE never, OPPORTUNISTIC when offered (certificate not checked), REQUIRED, IMPLICIT from the first byte.
    public enum TlsMode {
        NONE,
        OPPORTUNISTIC,
        REQUIRED,
        IMPLICIT
    }

    /// How to connect.
    public record Settings(String heloName, TlsMode tls, boolean verify, Duration connect, Duration command, boolean lmtp) {}

    /// What happened to one transaction: a reply per recipient, or one for all where the sender or the data was refused.
    public record Outcome(List<SmtpReply> perRecipient) {
        public Outcome {
            perRecipient = List.copyOf(perRecipient);
        }
    }

    private SmtpClient() {}

    /// Throws [SmtpReply.Refused] when the greeting or EHLO is refused, `IOException` when the network fails.
    public static SmtpClient connect(InetSocketAddress server, String serverName, Settings settings) throws IOException {
        throw new UnsupportedOperationException();
    }

    public void login(String username, String password) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// One transaction, pipelined where the server offers it; dot-stuffs the message; the message must have CRLF line ends (bare LF is sent as CRLF).
    public Outcome send(String sender, List<String> recipients, Source message, boolean utf8) throws IOException {
        throw new UnsupportedOperationException();
    }

    public boolean secure() {
        throw new UnsupportedOperationException();
    }

    public String tlsVersion() {
        throw new UnsupportedOperationException();
    }

    /// QUIT, then close.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
