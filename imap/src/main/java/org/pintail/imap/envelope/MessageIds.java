package org.pintail.imap.envelope;

import java.util.LinkedHashSet;
import java.util.List;

/// Message ids as THREAD compares them (RFC 5256 §3): without brackets, and without the quotes that say nothing.
final class MessageIds {
    private MessageIds() {}

    /// The first id in a field, "" when there is none.
    static String first(String field) {
        int start = field.indexOf('<');
        int end = field.indexOf('>', start + 1);
        return start < 0 || end < 0 ? "" : plain(field.substring(start + 1, end));
    }

    /// What a message answers to, oldest first: its references, else the first id of In-Reply-To. Never itself.
    static List<String> ancestors(String own, List<String> references, String inReplyTo) {
        var ids = new LinkedHashSet<String>();
        for (var reference : references) {
            ids.add(first(reference));
        }
        ids.remove("");
        if (ids.isEmpty()) {
            ids.add(first(inReplyTo));
        }
        ids.remove("");
        ids.remove(own);
        return List.copyOf(ids);
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
