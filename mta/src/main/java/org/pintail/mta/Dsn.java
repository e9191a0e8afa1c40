package org.pintail.mta;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.header.Headers;
import org.pintail.header.MailDate;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpReply;

/// A report of failed delivery (RFC 3464 in RFC 6522) to the sender: text for people, fields for programs, the header of the original.
final class Dsn {
    private static final int HEADER_LIMIT = 64 * 1024;

    private Dsn() {}

    /// Empty where none may be sent: null sender (RFC 5321 §4.5.5), other reports, automatic mail that asks for none.
    static Optional<Source> of(QueuedMessage message, QueueRow row, Source body, SmtpReply reply, String hostname, Instant now) {
        var sender = message.sender();
        if (sender.isEmpty() || sender.toLowerCase(Locale.ROOT).startsWith("mailer-daemon@")) {
            return Optional.empty();
        }
        var original = header(body);
        var headers = Headers.parse(original);
        boolean automatic = headers.value("auto-submitted").map(v -> !v.toLowerCase(Locale.ROOT).startsWith("no")).orElse(false);
        boolean report = headers.value("content-type").map(v -> v.toLowerCase(Locale.ROOT).startsWith("multipart/report")).orElse(false);
        boolean unwanted = headers.value("x-auto-response-suppress").map(v -> v.toLowerCase(Locale.ROOT).contains("all")).orElse(false);
        return automatic || report || unwanted ? Optional.empty() : Optional.of(build(message, row, original, headers, reply, hostname, now));
    }

    private static Source build(
            QueuedMessage message, QueueRow row, byte[] original, Headers headers, SmtpReply reply, String hostname, Instant now) {
        var boundary = "report-" + UUID.randomUUID();
        var status = reply.status().isEmpty() ? reply.code() / 100 + ".0.0" : reply.status();
        var permanent = status.startsWith("4") ? "5" + status.substring(1) : status;
        var text = """
                From: "Mail Delivery Subsystem" <mailer-daemon@%1$s>
                To: <%2$s>
                Subject: Delivery Status Notification (Failure: %3$s)
                Date: %4$s
                Message-ID: <%5$s@%1$s>
                X-Failed-Recipients: %3$s
                Auto-Submitted: auto-replied
                %6$sMIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="%7$s"

                --%7$s
                Content-Type: text/plain; charset=utf-8

                Your message could not be delivered to this recipient:

                  %3$s

                The last answer was:

                  %8$d %9$s %10$s

                It will not be tried again.

                --%7$s
                Content-Type: message/delivery-status

                Reporting-MTA: dns; %1$s
                X-Pintail-Queue-ID: %11$s
                Arrival-Date: %12$s

                Final-Recipient: rfc822; %3$s
                Action: failed
                Status: %13$s
                Diagnostic-Code: smtp; %8$d %9$s %10$s
                Last-Attempt-Date: %4$s

                --%7$s
                Content-Type: text/rfc822-headers

                """
                .formatted(
                        hostname,
                        oneLine(message.sender()),
                        oneLine(row.recipient()),
                        MailDate.format(now),
                        UUID.randomUUID(),
                        references(headers),
                        boundary,
                        reply.code(),
                        status,
                        oneLine(reply.text()),
                        message.id(),
                        MailDate.format(message.created()),
                        permanent);
        var out = new ByteArrayOutputStream();
        out.writeBytes(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(original);
        out.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return Source.of(out.toByteArray());
    }

    private static String references(Headers headers) {
        return headers.value("message-id")
                .map(Dsn::oneLine)
                .map(id -> "In-Reply-To: " + id + "\nReferences: " + id + "\n")
                .orElse("");
    }

    /// What others said must not begin a line of its own.
    private static String oneLine(String text) {
        var flat = text.replaceAll("[\\p{Cntrl}]+", " ").strip();
        return flat.length() > 900 ? flat.substring(0, 900) : flat;
    }

    private static byte[] header(Source body) {
        try {
            var head = body.read(0, HEADER_LIMIT);
            int end = new String(head, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            return end < 0 ? head : Arrays.copyOf(head, end + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
