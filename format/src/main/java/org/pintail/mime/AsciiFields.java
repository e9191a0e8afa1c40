package org.pintail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.pintail.address.DomainName;
import org.pintail.header.EncodedWord;
import org.pintail.header.Field;
import org.pintail.header.HeaderAddress;

/// Header fields that hold UTF-8 (RFC 6532), as a client gets them that knows ASCII only: RFC 6858 §2. Fields with no UTF-8 stay byte for byte,
/// also those with bytes above 127 that are something else: nobody knows what they mean.
final class AsciiFields {
    private static final String CRLF = "\r\n";
    private static final Set<String> ADDRESSES = Set.of(
            "from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender",
            "disposition-notification-to", "mail-followup-to", "mail-reply-to");
    private static final Set<String> UNSTRUCTURED =
            Set.of("subject", "comments", "keywords", "organization", "thread-topic", "content-description", "list-id");

    private AsciiFields() {}

    /// The same block of fields, or another one where there was UTF-8. With the empty line at its end, if there is one.
    static byte[] of(byte[] header) {
        var out = new ByteArrayOutputStream(header.length);
        int start = 0;
        byte last = '\n';
        while (start < header.length) {
            int end = fieldEnd(header, start);
            if (isUtf8(header, start, end)) {
                var raw = new String(header, start, lineEnd(header, start, end) - start, StandardCharsets.ISO_8859_1);
                var text = rewritten(raw);
                if (text.isPresent()) {
                    out.writeBytes((text.get() + CRLF).getBytes(StandardCharsets.US_ASCII));
                    last = '\n';
                }
            } else {
                if (last == '\r' && header[start] == '\n') {
                    out.write('\n'); // what stood between is left out: these two are no CRLF
                }
                out.write(header, start, end - start);
                last = header[end - 1];
            }
            start = end;
        }
        return out.toByteArray();
    }

    /// Is there any UTF-8 that is not ASCII in one of its fields?
    static boolean anyUtf8(byte[] header) {
        int start = 0;
        while (start < header.length) {
            int end = fieldEnd(header, start);
            if (isUtf8(header, start, end)) {
                return true;
            }
            start = end;
        }
        return false;
    }

    /// After the line break that ends the field, CRLF, LF or CR as [MimeParser] takes them. The empty line after the last field is one of its own.
    private static int fieldEnd(byte[] header, int start) {
        int at = start;
        while (at < header.length) {
            byte b = header[at++];
            if (b == '\r' && at < header.length && header[at] == '\n') {
                at++;
            }
            boolean breaks = b == '\r' || b == '\n';
            if (breaks && (at == header.length || header[at] != ' ' && header[at] != '\t')) {
                return at;
            }
        }
        return at;
    }

    private static int lineEnd(byte[] header, int start, int end) {
        int at = end;
        while (at > start && (header[at - 1] == '\n' || header[at - 1] == '\r')) {
            at--;
        }
        return at;
    }

    private static boolean isUtf8(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0) {
                try {
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start));
                    return true;
                } catch (CharacterCodingException other) {
                    return false;
                }
            }
        }
        return false;
    }

    /// Empty for a field that there is no way to write in ASCII: the client does not get it (RFC 6858 §2.4).
    private static Optional<String> rewritten(String raw) {
        int colon = raw.indexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        var field = new Field(raw.substring(0, colon).strip(), raw);
        var name = field.name().toLowerCase(Locale.ROOT);
        Optional<String> value;
        if (ADDRESSES.contains(name)) {
            value = Optional.of(addresses(HeaderAddress.parseList(field.value())));
        } else if (name.equals("content-type")) {
            value = parameters(ContentType.parse(field.value()), true);
        } else if (name.equals("content-disposition")) {
            value = parameters(ContentType.disposition(field.value()), false);
        } else if (UNSTRUCTURED.contains(name) || name.startsWith("x-")) {
            value = Optional.of(encoded(field.decoded()));
        } else {
            value = Optional.empty();
        }
        return value.filter(v -> isAscii(v) && isAscii(name)).map(v -> field.name() + ": " + v);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String encoded(String text) {
        return EncodedWord.encode(text.replaceAll("[\\x00-\\x1f\\x7f]+", " ").strip());
    }

    private static String addresses(List<HeaderAddress> list) {
        var written = new ArrayList<String>();
        for (var entry : list) {
            written.add(switch (entry) {
                case HeaderAddress.Mailbox m -> mailbox(m);
                case HeaderAddress.Group(var name, var members) ->
                    phrase(EncodedWord.decode(name)) + ": " + String.join("," + CRLF + " ", members.stream().map(AsciiFields::mailbox).toList())
                            + ";";
            });
        }
        return String.join("," + CRLF + " ", written);
    }

    /// RFC 6858 §2.1: what stands before an address that cannot be written is all that is seen of it.
    private static String mailbox(HeaderAddress.Mailbox mailbox) {
        var domain = DomainName.ascii(mailbox.domain());
        if (!isAscii(mailbox.localPart()) || !isAscii(domain)) {
            var name = mailbox.decodedName().isEmpty() ? "" : mailbox.decodedName() + " ";
            return encoded(name + "<" + mailbox.address() + ">") + CRLF + " <invalid@internationalized-address.invalid>";
        }
        var address = localPart(mailbox.localPart()) + (domain.isEmpty() ? "" : "@" + (isAscii(mailbox.domain()) ? mailbox.domain() : domain));
        return mailbox.decodedName().isEmpty() ? address : phrase(mailbox.decodedName()) + " <" + address + ">";
    }

    private static String phrase(String name) {
        var word = encoded(name);
        return word.matches("[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+") || word.contains("=?") ? word : quoted(word);
    }

    private static String localPart(String text) {
        return text.matches("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+") ? text : quoted(text);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// RFC 6858 §2.2 lets parameters be left out; RFC 2231 writes them.
    private static Optional<String> parameters(ContentType content, boolean hasSubtype) {
        var out = new StringBuilder(content.type());
        if (hasSubtype) {
            out.append('/').append(content.subtype());
        }
        for (var parameter : content.parameters().list()) {
            if (!parameter.name().matches("[a-z0-9!#$&+^_`{|}~.-]+")) {
                continue;
            }
            if (isAscii(parameter.value())) {
                out.append(';').append(CRLF).append(' ').append(parameter.name()).append('=').append(quoted(printable(parameter.value())));
            } else {
                out.append(MessageBuilder.parameter(parameter.name(), parameter.value()));
            }
        }
        return Optional.of(out.toString());
    }

    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x1f\\x7f]+", " ");
    }
}
