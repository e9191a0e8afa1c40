package org.pintail.mongodb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.header.Field;
import org.pintail.header.HeaderAddress;
import org.pintail.header.Headers;
import org.pintail.mime.MimePart;
import org.pintail.mime.Parameters;
import org.pintail.mime.Source;

/// The `mimeTree` of a message (data model §5.1). Bodies of parts named in `outside` (by where they start) are attachments.
final class MessageTree {
    private static final int LONGEST_KEY = 99;
    private static final int EMPTY_LINE = 2;
    private static final int LARGEST_INNER = 1 << 20;
    private static final Set<String> ADDRESSES = Set.of("from", "sender", "reply-to", "to", "cc", "bcc");
    private static final Set<String> SINGLE = Set.of(
            "in-reply-to", "message-id", "content-transfer-encoding", "content-id", "content-description", "content-language",
            "content-md5", "content-location");
    private final Source message;
    private final Map<Long, String> outside;

    private MessageTree(Source message, Map<Long, String> outside) {
        this.message = message;
        this.outside = outside;
    }

    static Document of(Source message, MimePart root, Map<Long, String> outside) throws IOException {
        return new MessageTree(message, outside).node(root);
    }

    /// The root alone, its whole text outside: for messages too large for one document.
    static Document bare(Source message, MimePart root, String attachmentId) throws IOException {
        var headers = Headers.parse(message.read(root.headerStart(), root.bodyStart() - root.headerStart()));
        long size = message.size();
        return Document.of(
                "header", List.of(), "parsedHeader", parsed(root, headers), "body", false, "multipart", false, "boundary", false,
                "lineCount", 0, "size", number(size), "attachmentId", attachmentId);
    }

    private Document node(MimePart part) throws IOException {
        var headers = headers(part);
        var node = new LinkedHashMap<String, @Nullable Object>();
        node.put("header", headers.fields().stream().map(Field::raw).toList());
        node.put("parsedHeader", parsed(part, headers));
        boolean multipart = part.isMultipart() && !part.children().isEmpty();
        var id = outside.get(part.bodyStart());
        var body = multipart ? around(part) : id == null ? message.read(part.bodyStart(), part.bodySize()) : null;
        node.put("body", body == null ? false : Bytes.wrap(body));
        node.put("multipart", multipart ? part.subtype() : false);
        node.put("boundary", multipart ? part.parameters().value("boundary").orElse("") : false);
        node.put("lineCount", body == null ? part.lines() : breaks(body));
        node.put("size", number(body == null ? part.bodySize() : body.length));
        if (multipart) {
            var children = new ArrayList<Document>();
            for (var child : part.children()) {
                children.add(node(child));
            }
            node.put("childNodes", children);
        } else if (id != null) {
            node.put("attachmentId", id);
        }
        if (part.message() != null && part.bodySize() <= LARGEST_INNER) {
            node.put("message", new MessageTree(message, Map.of()).node(part.message()));
        }
        return new Document(node);
    }

    /// All fields as they stand in the message: those of the parser, unless it left some out or lines end in another way than CRLF.
    private Headers headers(MimePart part) throws IOException {
        long length = part.bodyStart() - part.headerStart();
        long known = EMPTY_LINE + part.headers().fields().stream().mapToLong(f -> f.raw().length() + EMPTY_LINE).sum();
        return known == length ? part.headers() : Headers.parse(message.read(part.headerStart(), length));
    }

    /// What stands before the first part, and after it what stands after the last: WildDuck keeps both in one.
    private byte[] around(MimePart part) throws IOException {
        var preamble = preamble(part);
        long from = part.children().getLast().bodyEnd();
        var rest = new String(message.read(from, part.bodyEnd() - from), StandardCharsets.ISO_8859_1);
        int close = rest.indexOf("--" + part.parameters().value("boundary").orElse("") + "--");
        int line = close < 0 ? -1 : rest.indexOf('\n', close);
        var epilogue = line < 0 ? "" : rest.substring(line + 1);
        if (epilogue.isBlank()) {
            return preamble;
        }
        var text = new String(preamble, StandardCharsets.ISO_8859_1) + "\r\n" + epilogue;
        return (text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// What stands between the header and the first boundary line.
    private byte[] preamble(MimePart part) throws IOException {
        var text = message.read(part.bodyStart(), part.children().getFirst().headerStart() - part.bodyStart());
        int end = lineStart(text, text.length - 1);
        return java.util.Arrays.copyOf(text, end);
    }

    /// Where the line that ends at `last` begins.
    private static int lineStart(byte[] text, int last) {
        int at = last - 1;
        while (at >= 0 && text[at] != '\n') {
            at--;
        }
        return at + 1;
    }

    private static int breaks(byte[] body) {
        int n = 0;
        for (byte b : body) {
            n += b == '\n' ? 1 : 0;
        }
        return n;
    }

    private static Object number(long n) {
        return n <= Integer.MAX_VALUE ? (Object) (int) n : (Object) n;
    }

    private static Document parsed(MimePart part, Headers headers) {
        var all = new LinkedHashMap<String, List<String>>();
        for (var field : headers.fields()) {
            var key = field.name().strip().toLowerCase(Locale.ROOT);
            if (!key.isEmpty() && key.length() <= LONGEST_KEY && key.chars().allMatch(MessageTree::isPlain)) {
                all.computeIfAbsent(key, _ -> new ArrayList<>()).add(utf8(field.unfolded()));
            }
        }
        var parsed = new LinkedHashMap<String, @Nullable Object>();
        all.forEach((key, values) -> parsed.put(key, value(key, values)));
        parsed.put("content-type", type(part));
        if (part.disposition() != null) {
            parsed.put("content-disposition", parameterized(part.disposition(), part.dispositionParameters()));
        }
        return new Document(parsed);
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '*';
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static Object value(String key, List<String> values) {
        if (ADDRESSES.contains(key)) {
            return addresses(values);
        }
        if (SINGLE.contains(key) || values.size() == 1) {
            return values.getLast();
        }
        return values;
    }

    private static List<Document> addresses(List<String> values) {
        var out = new ArrayList<Document>();
        for (var entry : HeaderAddress.parseList(String.join(", ", values))) {
            out.add(
                    switch (entry) {
                        case HeaderAddress.Mailbox one -> address(one);
                        case HeaderAddress.Group group ->
                            Document.of("name", group.name(), "group", group.members().stream().map(MessageTree::address).toList());
                    });
        }
        return out;
    }

    private static Document address(HeaderAddress.Mailbox one) {
        return Document.of("address", one.address(), "name", one.name());
    }

    private static Document type(MimePart part) {
        return parameterized(part.type() + "/" + part.subtype(), part.parameters());
    }

    private static Document parameterized(String value, Parameters parameters) {
        int slash = value.indexOf('/');
        var params = new LinkedHashMap<String, @Nullable Object>();
        parameters.list().forEach(p -> params.put(p.name().replace('$', '_').replace('.', '_'), p.value()));
        var out = Document.of(
                "value", value,
                "type", slash < 0 ? value : value.substring(0, slash),
                "subtype", slash < 0 ? "" : value.substring(slash + 1),
                "params", new Document(params));
        return params.isEmpty() ? out : out.with("hasParams", true);
    }
}
