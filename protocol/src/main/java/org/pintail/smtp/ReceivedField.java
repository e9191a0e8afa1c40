package org.pintail.smtp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.pintail.header.MailDate;
import org.pintail.net.Connection;

/// The trace field a server adds on top (RFC 5321 §4.4).
///
///     Received = "from" domain "(" tcp-info ")" "by" domain "with" protocol "id" id ["for" path] ";" date-time
public final class ReceivedField {
    private ReceivedField() {}

    /// `hideClient`: the client's address is left out (submission by an account's own device).
    public static byte[] of(SmtpPolicy.Transaction transaction, Connection connection, String hostname, Instant when, boolean hideClient) {
        var text = new StringBuilder("Received: from ").append(clean(transaction.heloName()));
        if (!hideClient) {
            text.append(" ([").append(connection.remote().getAddress() instanceof java.net.Inet6Address ? "IPv6:" : "").append(connection.remoteIp()).append("])");
        }
        text.append("\r\n by ").append(hostname).append(" (Pintail) with ").append(transaction.protocol());
        text.append(" id ").append(transaction.id());
        if (connection.secure()) {
            text.append("\r\n (version=").append(connection.tlsVersion()).append(" cipher=").append(connection.tlsCipher()).append(')');
        }
        if (transaction.recipients().size() == 1) {
            text.append("\r\n for <").append(clean(transaction.recipients().getFirst().toString())).append('>');
        }
        text.append(";\r\n ").append(MailDate.format(when)).append("\r\n");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Nothing the client said may break out of its place in the field.
    private static String clean(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c <= ' ' || c == 0x7f || "();<>".indexOf(c) >= 0 ? '_' : c);
        }
        return out.toString();
    }
}
