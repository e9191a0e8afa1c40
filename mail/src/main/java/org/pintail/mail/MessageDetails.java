package org.pintail.mail;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.ThreadClues;
import org.pintail.header.HeaderAddress;
import org.pintail.header.Headers;
import org.pintail.header.MailDate;
import org.pintail.mime.Cut;
import org.pintail.mime.MessageText;
import org.pintail.mime.MimeLimits;
import org.pintail.mime.MimePart;
import org.pintail.mime.Sha256;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;

/// The fields of a stored message that listings and the API show (data-model §5, http-api §7), as far as they do not depend on the mailbox.
///
/// @param shared all of them
/// @param headers the fields of the message as `{key, value}`, in order
/// @param sent the Date field, if it can be read
/// @param clues to the conversation it belongs to
record MessageDetails(
        Document shared, List<Document> headers, @Nullable Instant sent, ThreadClues clues, boolean attachments) {
    private static final int MAX_ADDRESSES = 1000;
    private static final int MAX_REFERENCES = 100;
    private static final int MAX_VALUE = 64 * 1024;

    MessageDetails {
        headers = List.copyOf(headers);
    }

    static MessageDetails of(Source message, Cut cut, MessageText text, String hostname) throws IOException {
        var root = cut.root();
        var headers = root.headers();
        var subject = Threads.collapsed(bounded(headers.decoded("subject").orElse("")));
        var messageId = bounded(headers.value("message-id").orElse(""));
        var references = ids(headers.last("references").map(f -> f.value()).orElse(""));
        var inReplyTo = bounded(headers.value("in-reply-to").orElse(""));
        var sent = headers.value("date").flatMap(MailDate::parse).map(d -> d.toInstant());
        boolean attached = text.attachments().stream().anyMatch(a -> !a.related());
        var d = new LinkedHashMap<String, @Nullable Object>();
        d.put("msgid", messageId.isEmpty() ? "<" + UUID.randomUUID() + "@" + hostname + ">" : messageId);
        d.put("subject", subject);
        d.put("from", addresses(headers, "from"));
        d.put("to", addresses(headers, "to"));
        d.put("cc", addresses(headers, "cc"));
        d.put("bcc", addresses(headers, "bcc"));
        d.put("replyTo", addresses(headers, "reply-to"));
        addresses(headers, "sender").stream().findFirst().ifPresent(s -> d.put("sender", s));
        d.put("references", references);
        d.put("inReplyTo", inReplyTo);
        d.put("intro", text.intro());
        d.put("text", text.text());
        d.put("html", text.html());
        d.put("attachments", attachments(message, cut, text.attachments()));
        d.put("ha", attached);
        d.put("contentType", contentType(root));
        var threadIndex = headers.value("thread-index").orElse("");
        return new MessageDetails(
                new Document(d),
                fields(headers),
                sent.orElse(null),
                Threads.clues(subject, messageId, references, ids(inReplyTo).stream().findFirst().orElse(""), threadIndex),
                attached);
    }

    private static String bounded(String text) {
        return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) : text;
    }

    /// Every field, keys in lower case, at most 1000 and 256 KiB of them.
    static List<Document> fields(Headers headers) {
        var out = new ArrayList<Document>();
        int left = MimeLimits.DEFAULT.headerBytes();
        for (var field : headers.fields()) {
            var value = field.decoded();
            left -= field.name().length() + value.length();
            if (left < 0 || out.size() == MimeLimits.DEFAULT.headerFields()) {
                break;
            }
            out.add(Document.of("key", field.name().toLowerCase(Locale.ROOT), "value", value));
        }
        return out;
    }

    private static List<Document> addresses(Headers headers, String name) {
        var out = new ArrayList<Document>();
        for (var field : headers.all(name)) {
            for (var entry : HeaderAddress.parseList(field.value())) {
                if (out.size() == MAX_ADDRESSES) {
                    return out;
                }
                out.add(
                        switch (entry) {
                            case HeaderAddress.Mailbox one -> address(one);
                            case HeaderAddress.Group group ->
                                Document.of(
                                        "name", group.name(),
                                        "group", group.members().stream().limit(MAX_ADDRESSES).map(MessageDetails::address).toList());
                        });
            }
        }
        return out;
    }

    private static Document address(HeaderAddress.Mailbox one) {
        var address = one.domain().isEmpty() ? one.localPart() : one.localPart() + "@" + MailAddress.unicode(one.domain());
        return Document.of("name", one.decodedName(), "address", address);
    }

    /// The ids in angle brackets; where there are none, the words.
    private static List<String> ids(String text) {
        var out = new ArrayList<String>();
        int at = text.indexOf('<');
        while (at >= 0 && out.size() < MAX_REFERENCES) {
            int end = text.indexOf('>', at);
            if (end < 0) {
                break;
            }
            out.add(text.substring(at, end + 1));
            at = text.indexOf('<', end);
        }
        if (out.isEmpty() && !text.isBlank()) {
            out.add(bounded(text.strip()));
        }
        return out;
    }

    private static List<Document> attachments(Source message, Cut cut, List<MessageText.Attachment> all) throws IOException {
        var out = new ArrayList<Document>();
        for (var a : all) {
            var shown = attachment(a);
            var part = cut.root().find(a.part());
            out.add(part.isPresent() ? shown.with(hashes(message, cut, part.get())) : shown);
        }
        return out;
    }

    /// SHA-256 of the body as it came, in hex, and of what it decodes to, in base64.
    private static Document hashes(Source message, Cut cut, MimePart part) throws IOException {
        var body = message.slice(part.bodyStart(), part.bodySize());
        var piece = cut.pieceAt(part.bodyStart()).filter(p -> p.encodedSize() == part.bodySize());
        var encoded = piece.isPresent() ? HexFormat.of().parseHex(piece.get().encodedSha256Hex()) : Sha256.of(body);
        byte[] decoded;
        if (TransferEncoding.isIdentity(part.encoding())) {
            decoded = encoded;
        } else if (piece.isPresent() && piece.get().lineLength() > 0) {
            decoded = HexFormat.of().parseHex(piece.get().sha256Hex());
        } else {
            decoded = Sha256.of(TransferEncoding.decode(body.open(), part.encoding()));
        }
        return Document.of("hash", HexFormat.of().formatHex(encoded), "fileContentHash", Base64.getEncoder().encodeToString(decoded));
    }

    private static Document attachment(MessageText.Attachment a) {
        return Document.of(
                "id", a.id(),
                "part", a.part(),
                "filename", a.filename(),
                "contentType", a.contentType(),
                "disposition", a.disposition(),
                "transferEncoding", a.transferEncoding(),
                "cid", a.cid(),
                "related", a.related(),
                "size", a.size(),
                "sizeKb", a.sizeKb());
    }

    private static Document contentType(MimePart root) {
        var params = new LinkedHashMap<String, @Nullable Object>();
        for (var p : root.parameters().list()) {
            params.put(p.name(), p.value());
        }
        return Document.of("value", root.type() + "/" + root.subtype(), "params", new Document(params));
    }

    /// The document for one mailbox: `head` are fields in front of those of the message.
    Document placed(Headers head, Instant internalDate, Document meta) {
        var all = fields(head);
        all.addAll(headers);
        return shared.with(Document.of("headers", all, "hdate", Optional.ofNullable(sent).orElse(internalDate), "meta", meta));
    }
}
