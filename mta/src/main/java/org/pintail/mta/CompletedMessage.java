package org.pintail.mta;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pintail.header.Field;
import org.pintail.header.HeaderAddress;
import org.pintail.header.Headers;
import org.pintail.header.MailDate;
import org.pintail.mime.Source;

/// A submitted message made complete (RFC 6409 §8): Date and Message-ID added where missing or unreadable, From where missing, Bcc taken out.
/// The body is not touched.
record CompletedMessage(Headers headers, Source source) {
    private static final int HEADER_LIMIT = 1 << 20;

    /// Reads the header of `message`; a header of more than 1 MiB is refused with `IllegalArgumentException`.
    static CompletedMessage of(Source message, String from, Instant now) {
        try {
            var head = message.read(0, HEADER_LIMIT);
            int end = headerEnd(head);
            if (end < 0 && message.size() > HEADER_LIMIT) {
                throw new IllegalArgumentException("header larger than " + HEADER_LIMIT + " bytes");
            }
            int bodyStart = end < 0 ? head.length : end;
            var fields = new ArrayList<>(Headers.parse(head, bodyStart, Integer.MAX_VALUE).fields());
            fields.removeIf(f -> f.is("bcc") || f.is("resent-bcc"));
            complete(fields, from, now);
            return build(fields, message, bodyStart);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void complete(List<Field> fields, String from, Instant now) {
        var headers = new Headers(fields);
        if (headers.value("message-id").filter(id -> id.contains("@") && id.startsWith("<")).isEmpty()) {
            fields.removeIf(f -> f.is("message-id"));
            fields.add(field("Message-ID", "<" + UUID.randomUUID() + "@" + domain(from) + ">"));
        }
        if (headers.value("date").flatMap(MailDate::parse).isEmpty()) {
            fields.removeIf(f -> f.is("date"));
            fields.add(field("Date", MailDate.format(now)));
        }
        if (headers.first("from").isEmpty() && !from.isEmpty()) {
            fields.add(field("From", "<" + from + ">"));
        }
    }

    private static String domain(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? "localhost" : address.substring(at + 1);
    }

    private static Field field(String name, String value) {
        return new Field(name, new String((name + ": " + value).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static CompletedMessage build(List<Field> fields, Source message, int bodyStart) {
        var out = new ByteArrayOutputStream();
        for (var f : fields) {
            out.writeBytes(f.raw().replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        out.writeBytes(new byte[] {'\r', '\n'});
        var rest = message.slice(bodyStart, message.size() - bodyStart);
        return new CompletedMessage(new Headers(fields), Source.concat(Source.of(out.toByteArray()), rest));
    }

    /// Where the body starts; -1 without an empty line.
    private static int headerEnd(byte[] head) {
        for (int i = 0; i < head.length; i++) {
            boolean lineStart = i == 0 || head[i - 1] == '\n';
            if (lineStart && head[i] == '\n') {
                return i + 1;
            }
            if (lineStart && head[i] == '\r' && i + 1 < head.length && head[i + 1] == '\n') {
                return i + 2;
            }
        }
        return -1;
    }

    /// The same with one From address, this one; what was there is kept as `X-WildDuck-Original-From`.
    CompletedMessage withFrom(String address) {
        var fields = new ArrayList<Field>();
        fields.add(field("From", from().stream().findFirst().map(CompletedMessage::displayName).orElse("") + "<" + address + ">"));
        for (var f : headers.fields()) {
            if (f.is("from")) {
                fields.add(new Field("X-WildDuck-Original-From", "X-WildDuck-Original-From:" + f.raw().substring(f.raw().indexOf(':') + 1)));
            } else {
                fields.add(f);
            }
        }
        long bodyStart = source.size() - bodySize();
        return build(fields, source, (int) bodyStart);
    }

    /// With a space behind it, or "". An encoded word (RFC 2047 §5) would not be one inside quotes.
    private static String displayName(HeaderAddress.Mailbox mailbox) {
        var name = mailbox.name();
        if (name == null || name.isEmpty()) {
            return "";
        }
        boolean encoded = name.contains("=?") && name.chars().noneMatch(c -> "\"(),:;<>@[\\]".indexOf(c) >= 0);
        return encoded ? name + " " : "\"" + name.replace("\\", "").replace("\"", "") + "\" ";
    }

    private long bodySize() {
        try {
            var head = source.read(0, HEADER_LIMIT + 4096);
            return source.size() - Math.max(0, headerEnd(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Everybody the message claims to be from.
    List<HeaderAddress.Mailbox> from() {
        return headers.all("from").stream().flatMap(f -> HeaderAddress.mailboxes(f.value()).stream()).toList();
    }

    @Nullable String messageId() {
        return headers.value("message-id").orElse(null);
    }
}
