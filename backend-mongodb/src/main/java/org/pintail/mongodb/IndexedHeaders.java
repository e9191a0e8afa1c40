package org.pintail.mongodb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pintail.backend.Document;
import org.pintail.header.Headers;

/// The field `headers` of a message (data model §5): those that searches ask for, decoded and in lower case.
final class IndexedHeaders {
    private static final int LONGEST = 880;
    private static final Set<String> NAMES = Set.of(
            "to", "cc", "bcc", "subject", "from", "sender", "reply-to", "message-id", "thread-index", "list-id", "delivered-to");

    private IndexedHeaders() {}

    static List<Document> of(Headers headers) {
        var out = new ArrayList<Document>();
        for (var field : headers.fields()) {
            var key = field.name().toLowerCase(Locale.ROOT);
            if (NAMES.contains(key)) {
                out.add(Document.of("key", key, "value", bounded(value(key, field.decoded()))));
            }
        }
        return out;
    }

    private static String value(String key, String decoded) {
        var text = decoded.toLowerCase(Locale.ROOT);
        int open = text.indexOf('<');
        int close = text.indexOf('>', open + 1);
        return key.equals("list-id") && open >= 0 && close > open ? text.substring(open + 1, close) : text;
    }

    private static String bounded(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) {
            return text;
        }
        int end = LONGEST;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
    }
}
