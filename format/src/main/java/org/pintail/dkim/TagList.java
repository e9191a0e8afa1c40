package org.pintail.dkim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Tags and their values, in order: RFC 6376 §3.2. DKIM, ARC, DMARC and others write their fields and records so.
///
///     tag-list = tag-spec *( ";" tag-spec ) [ ";" ]
///     tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
public record TagList(Map<String, String> tags) {
    public TagList {
        tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /// What is no tag list.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /// Values keep their inner white space. A tag that stands twice makes the list invalid (§3.2).
    public static TagList parse(String text) throws Malformed {
        var tags = new LinkedHashMap<String, String>();
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf(';', start);
            if (end < 0) {
                end = text.length();
            }
            var spec = strip(text.substring(start, end));
            if (!spec.isEmpty()) { // QUIRK: ";;" is found in the wild; §3.2 wants a tag between them.
                add(tags, spec);
            }
            start = end + 1;
        }
        return new TagList(tags);
    }

    private static void add(Map<String, String> tags, String spec) throws Malformed {
        int equals = spec.indexOf('=');
        if (equals < 0) {
            throw new Malformed("expected tag=value, found " + shown(spec));
        }
        var name = strip(spec.substring(0, equals));
        if (!isName(name)) {
            throw new Malformed("no tag name: " + shown(name));
        }
        if (tags.putIfAbsent(name, strip(spec.substring(equals + 1))) != null) {
            throw new Malformed("tag " + shown(name) + " stands twice");
        }
    }

    private static String shown(String text) {
        return "\"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "\"";
    }

    ///     tag-name = ALPHA *( ALPHA / DIGIT / "_" )
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || c != '_' && (c < '0' || c > '9'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(tags.get(name));
    }

    /// Without any white space: base64, lists, domains.
    public Optional<String> compact(String name) {
        return value(name).map(TagList::withoutSpace);
    }

    static String withoutSpace(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
