package org.pintail.dkim;

import java.util.Locale;
import java.util.Optional;
import org.pintail.header.Field;

/// RFC 6376 §3.4: how much a message may change on its way.
public enum Canonicalization {
    SIMPLE,
    RELAXED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Canonicalization> of(String word) {
        return switch (word) {
            case "simple" -> Optional.of(SIMPLE);
            case "relaxed" -> Optional.of(RELAXED);
            default -> Optional.empty();
        };
    }

    /// One header field without its final CRLF, one char per byte: §3.4.1, §3.4.2.
    public String field(Field field) {
        return field(field.raw());
    }

    /// The same, given as [Field#raw].
    public String field(String raw) {
        return this == SIMPLE ? crlf(raw) : relaxed(raw);
    }

    /// Line breaks inside a field as they are on the wire.
    private static String crlf(String raw) {
        int bare = 0;
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '\n' && (i == 0 || raw.charAt(i - 1) != '\r')) {
                bare++;
            }
        }
        if (bare == 0) {
            return raw;
        }
        var out = new StringBuilder(raw.length() + bare);
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '\n' && (i == 0 || raw.charAt(i - 1) != '\r')) {
                out.append('\r');
            }
            out.append(raw.charAt(i));
        }
        return out.toString();
    }

    private static String relaxed(String raw) {
        int colon = raw.indexOf(':');
        var out = new StringBuilder(raw.length());
        out.append(TagList.strip(raw.substring(0, Math.max(0, colon))).toLowerCase(Locale.ROOT)).append(':');
        boolean space = false;
        int empty = out.length();
        for (int i = colon + 1; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == ' ' || c == '\t') {
                space = true;
            } else if (c != '\r' && c != '\n') {
                if (space && out.length() > empty) {
                    out.append(' ');
                }
                space = false;
                out.append(c);
            }
        }
        return out.toString();
    }
}
