package org.pintail.imap;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Message ids as THREAD compares them (RFC 5256 §3): without brackets, and without the quotes that say nothing.
final class MessageIds {
    private MessageIds() {}

    /// The first id in a field, "" when there is none.
    static String first(String field) {
        int start = field.indexOf('<');
        int end = field.indexOf('>', start + 1);
        return start < 0 || end < 0 ? "" : plain(field.substring(start + 1, end));
    }

    /// What a message answers to, oldest first: its References, else the first id of In-Reply-To.
    static List<String> ancestors(Envelope envelope) {
        var own = first(envelope.text(Envelope.Field.MESSAGE_ID));
        var ids = new LinkedHashSet<String>();
        @Nullable List<String> references = envelope.references();
        for (var reference : references == null ? List.<String>of() : references) {
            ids.add(first(reference));
        }
        ids.remove("");
        if (ids.isEmpty()) {
            ids.add(first(envelope.text(Envelope.Field.IN_REPLY_TO)));
        }
        ids.remove("");
        ids.remove(own);
        return new ArrayList<>(ids);
    }

    /// `"a\b"@c` and `ab@c` are one id.
    private static String plain(String id) {
        if (id.indexOf('"') < 0 && id.indexOf('\\') < 0) {
            return id.strip();
        }
        var out = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == '\\' && i + 1 < id.length()) {
                out.append(id.charAt(++i));
            } else if (c != '"') {
                out.append(c);
            }
        }
        return out.toString().strip();
    }
}
