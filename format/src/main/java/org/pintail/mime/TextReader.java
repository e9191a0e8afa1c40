package org.pintail.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pintail.header.Charsets;

/// Walks the parts of a message and gathers what is shown and what is attached.
final class TextReader {
    private static final int MAX_TEXT = 102_400;
    private static final int MAX_HTML = 655_360;
    private static final int MAX_PART = 1 << 20;
    private static final int MAX_INLINE = 300 * 1024;
    private static final int MAX_ATTACHMENTS = 1000;
    private static final String CID = "cid:";
    private final Source message;
    private final StringBuilder text = new StringBuilder();
    private final List<String> html = new ArrayList<>();
    private int htmlSize;
    private final List<MessageText.Attachment> attachments = new ArrayList<>();

    TextReader(Source message) {
        this.message = message;
    }

    MessageText read(MimePart root) throws IOException {
        walk(root, false, false);
        var ids = new HashMap<String, String>();
        for (var attachment : attachments) {
            ids.putIfAbsent(attachment.cid().replace("<", "").replace(">", "").strip(), attachment.id());
        }
        var linked = html.stream().map(content -> linkAttachments(content, ids)).toList();
        var plain = text.toString().strip();
        var shown = plain.length() > MAX_TEXT ? plain.substring(0, whole(plain, MAX_TEXT)) : plain;
        return new MessageText(shown, linked, Intro.of(shown, linked), attachments);
    }

    /// `length`, or one less where that would cut a character in two.
    private static int whole(String text, int length) {
        return Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    }

    private void walk(MimePart part, boolean alternative, boolean related) throws IOException {
        if (part.isMultipart() && !part.children().isEmpty()) {
            for (var child : part.children()) {
                walk(child, alternative || part.subtype().equals("alternative"), related || part.subtype().equals("related"));
            }
        } else if (isInlineText(part)) {
            show(part, alternative);
        } else if (part.bodySize() > 0) {
            attach(part, related);
        }
    }

    private static boolean isInlineText(MimePart part) {
        boolean inline = part.disposition() == null || part.disposition().equals("inline");
        var type = part.type() + "/" + part.subtype();
        return inline
                && part.bodySize() <= MAX_INLINE
                && (part.isMultipart() || switch (type) {
                    case "text/plain", "text/html", "text/rfc822-headers", "message/delivery-status" -> true;
                    default -> false;
                }); // a multipart that was not divided is shown as it stands
    }

    private void show(MimePart part, boolean alternative) throws IOException {
        var content = decoded(part);
        if (part.subtype().equals("html")) {
            if (htmlSize + content.length() <= MAX_HTML) {
                html.add(content);
                htmlSize += content.length();
            }
            if (!alternative) {
                append(HtmlText.of(content));
            }
        } else {
            append(flowed(part) ? unflow(content) : content);
            if (!alternative && htmlSize + content.length() <= MAX_HTML && !html.isEmpty()) {
                var paragraph = HtmlText.paragraph(content);
                html.add(paragraph);
                htmlSize += paragraph.length();
            }
        }
    }

    private void append(String more) {
        if (text.length() < 2 * MAX_TEXT) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(more);
        }
    }

    private String decoded(MimePart part) throws IOException {
        try (var in = TransferEncoding.decode(message.open(part.bodyStart(), part.bodySize()), part.encoding())) {
            var bytes = in.readNBytes(MAX_PART);
            return withLineFeeds(Charsets.decode(bytes, part.parameters().value("charset").orElse("")));
        }
    }

    /// CRLF and CR become LF.
    private static String withLineFeeds(String content) {
        int cr = content.indexOf('\r');
        if (cr < 0) {
            return content;
        }
        var out = new StringBuilder(content.length());
        int from = 0;
        while (cr >= 0) {
            out.append(content, from, cr).append('\n');
            from = cr + (content.startsWith("\n", cr + 1) ? 2 : 1);
            cr = content.indexOf('\r', from);
        }
        return out.append(content, from, content.length()).toString();
    }

    private static boolean flowed(MimePart part) {
        return part.parameters().value("format").map(f -> f.equalsIgnoreCase("flowed")).orElse(false);
    }

    /// RFC 3676 §4.1: a line that ends in a space goes on in the next one; space-stuffing is undone.
    private static String unflow(String content) {
        var out = new StringBuilder(content.length());
        for (var line : content.split("\n", -1)) {
            var plain = line.startsWith(" ") ? line.substring(1) : line;
            out.append(plain);
            if (!plain.endsWith(" ") || plain.equals("-- ")) {
                out.append('\n');
            }
        }
        return out.toString();
    }

    private void attach(MimePart part, boolean related) {
        if (attachments.size() >= MAX_ATTACHMENTS) {
            return;
        }
        var id = String.format(Locale.ROOT, "ATT%05d", attachments.size() + 1);
        var type = part.type() + "/" + part.subtype();
        long size = part.bodySize();
        long estimate = part.encoding().equals("base64") ? Math.max(0, Math.ceilDiv((size - 2 * (size / 78)) * 3, 4)) : size;
        attachments.add(new MessageText.Attachment(
                id,
                part.number().isEmpty() ? "1" : part.number(),
                part.filename().filter(f -> !f.isBlank()).orElse(id.toLowerCase(Locale.ROOT) + FileExtension.of(type)),
                type,
                part.disposition() == null ? "" : part.disposition(),
                part.encoding(),
                part.headers().value("content-id").orElse(""),
                related,
                size,
                Math.ceilDiv(estimate, 1024)));
    }

    /// `cid:…` (RFC 2392) of a part that is there becomes `attachment:ATT…`. One pass, for a message may have 1000 parts.
    private static String linkAttachments(String content, Map<String, String> ids) {
        int cid = content.indexOf(CID);
        if (cid < 0) {
            return content;
        }
        var out = new StringBuilder(content.length());
        int from = 0;
        while (cid >= 0) {
            int end = cid + CID.length();
            while (end < content.length() && " \t\n\"'<>()".indexOf(content.charAt(end)) < 0) {
                end++;
            }
            var id = ids.get(content.substring(cid + CID.length(), end));
            out.append(content, from, id == null ? end : cid).append(id == null ? "" : "attachment:" + id);
            from = end;
            cid = content.indexOf(CID, end);
        }
        return out.append(content, from, content.length()).toString();
    }
}
