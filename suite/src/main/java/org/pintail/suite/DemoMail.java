package org.pintail.suite;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.pintail.header.MailDate;

/// The messages that the demo brings in through the MX: plain text, HTML with an attachment, other scripts, a thread.
final class DemoMail {
    /// A message and its envelope.
    record Message(String sender, String recipient, String text, boolean utf8) {
        byte[] bytes() {
            return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final int ATTACHMENT_BYTES = 9_000;

    private DemoMail() {}

    static List<Message> messages(String domain) {
        return List.of(
                welcome(domain), attachment(domain), scripts(domain), thread(domain, 1), thread(domain, 2), thread(domain, 3), toBob(domain));
    }

    private static Message welcome(String domain) {
        return mail(domain, "hello@example.com", "alice", "Welcome to Pintail", "welcome", "", """
                Content-Type: text/plain; charset=utf-8

                Hello Alice,

                this message came in over SMTP, was committed to the store with one
                fsync, and you are reading it over IMAP, POP3 or HTTP.
                """);
    }

    private static Message attachment(String domain) {
        var data = new byte[ATTACHMENT_BYTES];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + i / 97);
        }
        var encoded = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(data);
        return mail(domain, "reports@example.com", "alice", "The report, with a file", "report", "", """
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: multipart/alternative; boundary=inner

                --inner
                Content-Type: text/plain; charset=utf-8

                The report is attached.
                --inner
                Content-Type: text/html; charset=utf-8

                <p>The <b>report</b> is attached.</p>
                --inner--
                --outer
                Content-Type: application/octet-stream; name="report.bin"
                Content-Disposition: attachment; filename="report.bin"
                Content-Transfer-Encoding: base64

                """ + encoded + "\n--outer--\n");
    }

    private static Message scripts(String domain) {
        return mail(
                domain,
                "sonja@example.com",
                "alice",
                "=?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?= =?UTF-8?B?IOOBk+OCk+OBq+OBoeOBrw==?=",
                "scripts",
                "",
                """
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit

                Grüße, tervitused, χαιρετίσματα, привет, こんにちは, 🦆
                """);
    }

    private static Message thread(String domain, int number) {
        var references = number == 1
                ? ""
                : "In-Reply-To: <lunch-" + (number - 1) + "@example.com>\nReferences: <lunch-1@example.com>\n";
        var subject = number == 1 ? "Lunch on Friday?" : "Re: Lunch on Friday?";
        var lines = List.of("Shall we?", "Gladly. Where?", "At the harbour, twelve o'clock.");
        return mail(domain, "erik@example.com", "alice", subject, "lunch-" + number, references, """
                Content-Type: text/plain; charset=utf-8

                """ + lines.get(number - 1) + "\n");
    }

    private static Message toBob(String domain) {
        return mail(domain, "hello@example.com", "bob", "Welcome, Bob", "welcome-bob", "", """
                Content-Type: text/plain; charset=utf-8

                Log in as bob and write to alice.
                """);
    }

    private static Message mail(
            String domain, String from, String to, String subject, String id, String more, String rest) {
        var recipient = to + "@" + domain;
        var text = "From: <" + from + ">\nTo: <" + recipient + ">\nSubject: " + subject + "\nDate: " + MailDate.format(Instant.now())
                + "\nMessage-ID: <" + id + "@example.com>\n" + more + rest;
        return new Message(from, recipient, text, false);
    }
}
