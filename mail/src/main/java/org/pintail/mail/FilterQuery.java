package org.pintail.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pintail.backend.Document;

/// Does a message fit the query of a filter (background §9.3)? Everything the query names must hold; an empty one fits all.
final class FilterQuery {
    private final Mailstore.Prepared message;
    private final String recipient;

    FilterQuery(Mailstore.Prepared message, String recipient) {
        this.message = message;
        this.recipient = recipient;
    }

    boolean fits(Document query) {
        long size = query.number("size");
        return query.document("headers").map(this::headers).orElse(true)
                && (!query.bool("ha") || message.hasAttachments())
                && (size <= 0 || message.size() >= size)
                && (size >= 0 || message.size() <= -size)
                && query.string("text").map(this::text).orElse(true);
    }

    private boolean headers(Document headers) {
        return headers.fields().entrySet().stream().allMatch(h -> !(h.getValue() instanceof String wanted) || header(h.getKey(), wanted));
    }

    private boolean header(String name, String wanted) {
        var part = even(wanted);
        return switch (name) {
            case "from" -> has(part, "from") || has(part, "sender");
            case "to" -> has(part, "to") || has(part, "cc") || has(part, "delivered-to") || even(recipient).contains(part);
            case "listId" -> has(bracketed(part), "list-id");
            default -> has(part, dashed(name));
        };
    }

    private boolean has(String part, String field) {
        return message.headers().all(field).stream().anyMatch(f -> even(f.decoded()).contains(part));
    }

    private static String bracketed(String text) {
        int open = text.indexOf('<');
        int close = text.indexOf('>', open + 1);
        return open >= 0 && close > open ? text.substring(open + 1, close) : text;
    }

    /// `mailerName` as `mailer-name`.
    private static String dashed(String name) {
        var out = new StringBuilder();
        name.chars().forEach(c -> out.append(Character.isUpperCase(c) ? "-" : "").append((char) Character.toLowerCase(c)));
        return out.toString();
    }

    /// ` OR ` between alternatives; `"a phrase"` as it is; else all words, which blanks and commas part.
    private boolean text(String wanted) {
        var text = even(message.plainText());
        for (var alternative : wanted.split("\\sOR\\s", -1)) {
            var parts = parts(even(alternative));
            if (!parts.isEmpty() && parts.stream().allMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> parts(String alternative) {
        if (alternative.length() > 2 && alternative.startsWith("\"") && alternative.endsWith("\"")) {
            return List.of(alternative.substring(1, alternative.length() - 1));
        }
        var out = new ArrayList<String>();
        for (var word : alternative.split("[\\s,]+", -1)) {
            if (!word.isEmpty()) {
                out.add(word);
            }
        }
        return out;
    }

    private static String even(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    }
}
