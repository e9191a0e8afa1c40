package org.pintail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pintail.header.EncodedWord;
import org.pintail.header.HeaderAddress;

/// Writes a message (RFC 5322, RFC 2045 ff.): fields, text, HTML with its inline parts, attachments. Not for use by several threads.
public final class MessageBuilder {
    private static final String CRLF = "\r\n";
    private static final int LINE = 76;
    private static final int MAX_LINE = 998;
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(LINE, CRLF.getBytes(StandardCharsets.US_ASCII));
    private final StringBuilder head = new StringBuilder();
    private final List<Part> inline = new ArrayList<>();
    private final List<Part> attachments = new ArrayList<>();
    private final String boundary = UUID.randomUUID().toString().replace("-", "");
    private @Nullable String text;
    private @Nullable String html;
    private int boundaries;

    /// A part with a body of bytes. `disposition` inline or attachment; `contentId` without angle brackets, "" for none.
    public record Part(String type, String filename, String disposition, String contentId, byte[] content) {}

    /// A field whose value may hold any text: what is not ASCII is encoded, line breaks become blanks.
    public MessageBuilder field(String name, String value) {
        if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':') || name.isEmpty()) {
            throw new IllegalArgumentException("no name of a field: " + name);
        }
        var oneLine = value.replaceAll("[\\r\\n]+", " ").strip();
        head.append(name).append(": ").append(folded(EncodedWord.encode(oneLine), name.length() + 2)).append(CRLF);
        return this;
    }

    /// A field of addresses (RFC 5322 §3.6.3); none writes nothing.
    public MessageBuilder addresses(String name, List<HeaderAddress.Mailbox> people) {
        if (people.isEmpty()) {
            return this;
        }
        var shown = people.stream().map(MessageBuilder::address).toList();
        head.append(name).append(": ").append(String.join("," + CRLF + " ", shown)).append(CRLF);
        return this;
    }

    private static String address(HeaderAddress.Mailbox person) {
        var address = ascii(person.localPart().replaceAll("[\\r\\n<>]", "") + "@" + java.net.IDN.toASCII(person.domain(), java.net.IDN.ALLOW_UNASSIGNED));
        var name = person.name() == null ? "" : person.name().replaceAll("[\\r\\n]+", " ").strip();
        if (name.isEmpty()) {
            return address;
        }
        boolean atoms = name.matches("[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+");
        boolean ascii = name.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        var phrase = atoms ? name : ascii ? '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : EncodedWord.encode(name);
        return phrase + " <" + address + ">";
    }

    /// Bytes of UTF-8 as characters (RFC 6532 headers).
    private static String ascii(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// Breaks at blanks so that lines stay below 78 characters where they can.
    private static String folded(String value, int column) {
        var out = new StringBuilder();
        int at = column;
        for (var word : value.split(" ", -1)) {
            if (!out.isEmpty()) {
                boolean fold = at + 1 + word.length() > LINE && !word.isEmpty();
                out.append(fold ? CRLF + " " : " ");
                at = fold ? 1 : at + 1;
            }
            out.append(word);
            int newLine = word.lastIndexOf('\n');
            at = newLine < 0 ? at + word.length() : word.length() - newLine - 1;
        }
        return out.toString();
    }

    public MessageBuilder text(@Nullable String value) {
        this.text = value;
        return this;
    }

    public MessageBuilder html(@Nullable String value) {
        this.html = value;
        return this;
    }

    /// A part that the HTML refers to by its Content-ID.
    public MessageBuilder inline(Part part) {
        inline.add(part);
        return this;
    }

    public MessageBuilder attach(Part part) {
        attachments.add(part);
        return this;
    }

    /// The whole message, with CRLF line ends. 8-bit characters occur in addresses only.
    public byte[] build() {
        var out = new ByteArrayOutputStream();
        write(out, head.toString());
        write(out, "MIME-Version: 1.0" + CRLF);
        writeMixed(out);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String latin1) {
        out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private interface Writer {
        void writeTo(ByteArrayOutputStream out);
    }

    private void writeMixed(ByteArrayOutputStream out) {
        if (attachments.isEmpty()) {
            writeAlternative(out);
            return;
        }
        var parts = new ArrayList<Writer>();
        if (text != null || html != null) {
            parts.add(this::writeAlternative);
        }
        attachments.forEach(a -> parts.add(o -> writePart(o, a)));
        multipart(out, "mixed", parts);
    }

    private void writeAlternative(ByteArrayOutputStream out) {
        var plain = text;
        if (html == null) {
            writeText(out, "plain", plain == null ? "" : plain);
        } else if (plain == null) {
            writeRelated(out);
        } else {
            multipart(out, "alternative", List.of(o -> writeText(o, "plain", plain), this::writeRelated));
        }
    }

    private void writeRelated(ByteArrayOutputStream out) {
        var source = html == null ? "" : html;
        if (inline.isEmpty()) {
            writeText(out, "html", source);
            return;
        }
        var parts = new ArrayList<Writer>();
        parts.add(o -> writeText(o, "html", source));
        inline.forEach(i -> parts.add(o -> writePart(o, i)));
        multipart(out, "related; type=\"text/html\"", parts);
    }

    private void multipart(ByteArrayOutputStream out, String subtype, List<Writer> parts) {
        var line = "--Pintail-" + boundary + "-" + ++boundaries;
        write(out, "Content-Type: multipart/" + subtype + ";" + CRLF + " boundary=\"" + line.substring(2) + "\"" + CRLF + CRLF);
        for (var part : parts) {
            write(out, line + CRLF);
            part.writeTo(out);
            write(out, CRLF);
        }
        write(out, line + "--" + CRLF);
    }

    private static void writeText(ByteArrayOutputStream out, String subtype, String value) {
        var lines = value.replace("\r\n", "\n").replace('\r', '\n').replace("\n", CRLF);
        var bytes = lines.getBytes(StandardCharsets.UTF_8);
        boolean ascii = bytes.length == lines.length() && lines.indexOf('\0') < 0;
        boolean shortLines = lines.lines().allMatch(l -> l.length() <= MAX_LINE);
        write(out, "Content-Type: text/" + subtype + "; charset=utf-8" + CRLF);
        if (ascii && shortLines) {
            write(out, "Content-Transfer-Encoding: 7bit" + CRLF + CRLF);
            out.writeBytes(bytes);
            return;
        }
        int special = 0;
        for (byte b : bytes) {
            special += b < 0 ? 1 : 0;
        }
        if (special * 6 > bytes.length) {
            write(out, "Content-Transfer-Encoding: base64" + CRLF + CRLF);
            out.writeBytes(BASE64.encode(bytes));
        } else {
            write(out, "Content-Transfer-Encoding: quoted-printable" + CRLF + CRLF);
            quotedPrintable(out, bytes);
        }
    }

    /// RFC 2045 §6.7; CRLF in `bytes` are line breaks.
    private static void quotedPrintable(ByteArrayOutputStream out, byte[] bytes) {
        int column = 0;
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if (b == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                write(out, CRLF);
                column = 0;
                i++;
                continue;
            }
            boolean blankAtEnd = (b == ' ' || b == '\t') && (i + 1 == bytes.length || bytes[i + 1] == '\r');
            boolean plain = b >= 0x20 && b < 0x7f && b != '=' || b == '\t';
            var shown = plain && !blankAtEnd ? String.valueOf((char) b) : String.format(Locale.ROOT, "=%02X", b);
            if (column + shown.length() > LINE - 1) {
                write(out, "=" + CRLF);
                column = 0;
            }
            write(out, shown);
            column += shown.length();
        }
    }

    private static void writePart(ByteArrayOutputStream out, Part part) {
        var type = part.type().matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\\s*;[ -~]*)?") ? part.type() : "application/octet-stream";
        write(out, "Content-Type: " + type + parameter("name", part.filename()) + CRLF);
        write(out, "Content-Transfer-Encoding: base64" + CRLF);
        if (!part.contentId().isEmpty()) {
            write(out, "Content-ID: <" + ascii(part.contentId().replaceAll("[\\r\\n<>]", "")) + ">" + CRLF);
        }
        write(out, "Content-Disposition: " + part.disposition() + parameter("filename", part.filename()) + CRLF + CRLF);
        out.writeBytes(BASE64.encode(part.content()));
    }

    /// A parameter with a file name: a token, a quoted string, or by RFC 2231.
    static String parameter(String name, String value) {
        if (value.isEmpty()) {
            return "";
        }
        if (value.matches("[A-Za-z0-9!#$&+^_`.{}|~-]{1,60}")) {
            return "; " + name + "=" + value;
        }
        if (value.length() <= 60 && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return ";" + CRLF + " " + name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        var out = new StringBuilder();
        var section = new StringBuilder("utf-8''");
        int number = 0;
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 0x7f && "*'%()<>@,;:\\\"/[]?= ".indexOf(b) < 0;
            section.append(plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
            if (section.length() > 50) {
                out.append(section(name, number++, section));
                section.setLength(0);
            }
        }
        return out.append(section.isEmpty() ? "" : section(name, number, section)).toString();
    }

    private static String section(String name, int number, StringBuilder value) {
        return ";" + CRLF + " " + name + "*" + number + "*=" + value;
    }
}
