package org.pintail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.header.EncodedWord;
import org.pintail.header.Field;
import org.pintail.header.HeaderAddress;

/// ENVELOPE, BODY and BODYSTRUCTURE as the bytes an IMAP server sends (RFC 9051 §7.5.2, RFC 3501 §7.4.2).
public final class ImapStructure {
    private static final byte[] NIL = {'N', 'I', 'L'};
    private static final int MAX_STRING = 8192;
    /// Characters that one may take as an encoded word: three bytes in base64, and the frame.
    private static final int ENCODED = 6;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private final boolean utf8;
    private final boolean extended;

    private ImapStructure(boolean utf8, boolean extended) {
        this.utf8 = utf8;
        this.extended = extended;
    }

    /// `("date" "subject" from sender reply-to to cc bcc "in-reply-to" "message-id")`. Header text goes out as it stands in the
    /// message (encoded words kept, unfolded); 8-bit text becomes encoded words unless `utf8`.
    public static byte[] envelope(MimePart message, boolean utf8) {
        var writer = new ImapStructure(utf8, true);
        writer.writeEnvelope(message);
        return writer.out.toByteArray();
    }

    /// BODYSTRUCTURE with extension data.
    public static byte[] bodyStructure(MimePart root) {
        var writer = new ImapStructure(false, true);
        writer.part(root);
        return writer.out.toByteArray();
    }

    /// BODY: the same without extension data.
    public static byte[] body(MimePart root) {
        var writer = new ImapStructure(false, false);
        writer.part(root);
        return writer.out.toByteArray();
    }

    ///     envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP
    ///                env-to SP env-cc SP env-bcc SP env-in-reply-to SP env-message-id ")"
    private void writeEnvelope(MimePart message) {
        var headers = message.headers();
        out.write('(');
        text(headers.value("date").orElse(null));
        space();
        text(headers.value("subject").orElse(null));
        var from = addresses(message, "from");
        var sender = addresses(message, "sender");
        var replyTo = addresses(message, "reply-to");
        space();
        addressList(from);
        space();
        addressList(sender.isEmpty() ? from : sender);
        space();
        addressList(replyTo.isEmpty() ? from : replyTo);
        for (var name : List.of("to", "cc", "bcc")) {
            space();
            addressList(addresses(message, name));
        }
        space();
        text(headers.value("in-reply-to").orElse(null));
        space();
        text(headers.value("message-id").orElse(null));
        out.write(')');
    }

    private static List<HeaderAddress> addresses(MimePart message, String name) {
        var text = String.join(", ", message.headers().all(name).stream().map(Field::value).toList());
        var found = HeaderAddress.parseList(text);
        // QUIRK: what is no address is shown all the same, as one without a domain; clients show it to people
        return found.isEmpty() && !text.isBlank() && text.chars().noneMatch(c -> "()<>[]:;,@\\\"".indexOf(c) >= 0)
                ? List.of(new HeaderAddress.Mailbox(null, text.strip(), ""))
                : found;
    }

    private void addressList(List<HeaderAddress> list) {
        if (list.isEmpty()) {
            out.writeBytes(NIL);
            return;
        }
        out.write('(');
        for (var entry : list) {
            switch (entry) {
                case HeaderAddress.Mailbox m -> mailbox(m);
                case HeaderAddress.Group g -> {
                    address(null, null, g.name(), null); // RFC 9051 §7.5.2: start of a group
                    g.members().forEach(this::mailbox);
                    address(null, null, null, null);
                }
            }
        }
        out.write(')');
    }

    private void mailbox(HeaderAddress.Mailbox m) {
        address(m.name(), m.route(), m.localPart(), m.domain());
    }

    private void address(@Nullable String name, @Nullable String route, @Nullable String local, @Nullable String domain) {
        out.write('(');
        text(name);
        space();
        text(route);
        space();
        text(local);
        space();
        text(domain);
        out.write(')');
    }

    private void part(MimePart part) {
        if (part.isMultipart()) {
            multipart(part);
        } else {
            leaf(part);
        }
    }

    ///     body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
    private void multipart(MimePart part) {
        out.write('(');
        if (part.children().isEmpty()) {
            ascii("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0");
            ascii(extended ? " NIL NIL NIL NIL)" : ")"); // the grammar wants at least one
        }
        part.children().forEach(this::part);
        space();
        upper(part.subtype());
        if (extended) {
            space();
            parameters(part.parameters());
            extension(part);
        }
        out.write(')');
    }

    ///     body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
    private void leaf(MimePart part) {
        out.write('(');
        boolean divided = part.message() != null || !isMessage(part);
        upper(divided ? part.type() : "application");
        space();
        upper(divided ? part.subtype() : "octet-stream");
        space();
        parameters(part.parameters());
        space();
        text(part.headers().value("content-id").orElse(null));
        space();
        text(part.headers().value("content-description").orElse(null));
        space();
        upper(part.encoding());
        space();
        ascii(Long.toString(part.bodySize()));
        if (part.message() != null) {
            space();
            writeEnvelope(part.message());
            space();
            part(part.message());
        }
        if (part.isText() || part.message() != null) {
            space();
            ascii(Integer.toString(part.lines()));
        }
        if (extended) {
            space();
            text(part.headers().value("content-md5").orElse(null));
            extension(part);
        }
        out.write(')');
    }

    /// The grammar has an envelope for each of these. One that was not divided (encoded, or beyond the limits) has none and is shown as a file.
    private static boolean isMessage(MimePart part) {
        return part.type().equals("message") && (part.subtype().equals("rfc822") || part.subtype().equals("global"));
    }

    /// disposition, language, location
    private void extension(MimePart part) {
        space();
        if (part.disposition() == null) {
            out.writeBytes(NIL);
        } else {
            out.write('(');
            upper(part.disposition());
            space();
            parameters(part.dispositionParameters());
            out.write(')');
        }
        space();
        text(part.headers().value("content-language").orElse(null));
        space();
        text(part.headers().value("content-location").orElse(null));
    }

    private void parameters(Parameters parameters) {
        if (parameters.list().isEmpty()) {
            out.writeBytes(NIL);
            return;
        }
        out.write('(');
        boolean first = true;
        for (var p : parameters.list()) {
            if (!first) {
                space();
            }
            first = false;
            upper(p.name());
            space();
            text(p.value());
        }
        out.write(')');
    }

    private void upper(String token) {
        quoted(token.toUpperCase(Locale.ROOT));
    }

    private void text(@Nullable String value) {
        if (value == null) {
            out.writeBytes(NIL);
            return;
        }
        boolean ascii = value.chars().allMatch(c -> c < 0x80);
        quoted(ascii || utf8 ? value : encoded(EncodedWord.decode(value)));
    }

    private static String encoded(String value) {
        return EncodedWord.encode(shortened(value, MAX_STRING / ENCODED)).replace("\r\n", "");
    }

    ///     quoted = DQUOTE *QUOTED-CHAR DQUOTE
    ///
    /// Control characters, which a quoted string may not hold, become spaces.
    private void quoted(String value) {
        out.write('"');
        var bytes = shortened(value, MAX_STRING).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b == '"' || b == '\\') {
                out.write('\\');
                out.write(b);
            } else if (b >= 0 && b < 0x20 || b == 0x7f || b < 0 && !utf8) {
                out.write(' ');
            } else {
                out.write(b);
            }
        }
        out.write('"');
    }

    /// At most `length` of it, no character cut in two.
    private static String shortened(String value, int length) {
        if (value.length() <= length) {
            return value;
        }
        return value.substring(0, Character.isHighSurrogate(value.charAt(length - 1)) ? length - 1 : length);
    }

    private void space() {
        out.write(' ');
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
