package org.pintail.mongodb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.header.EncodedWord;

/// ENVELOPE and BODYSTRUCTURE as WildDuck keeps them, nested arrays, made of their IMAP form (RFC 9051 §7.5.2).
///
///     value  = "(" *value ")" / string / literal / number / "NIL" / atom
final class ImapList {
    private static final int DEPTH = 90;
    private static final int SUBJECT = 1;
    private static final int FIRST_ADDRESSES = 2;
    private static final int LAST_ADDRESSES = 7;
    private static final int ENCODING = 5;
    private static final int EMBEDDED_ENVELOPE = 7;
    private static final int EMBEDDED_STRUCTURE = 8;
    private final byte[] in;
    private int at;

    private ImapList(byte[] in) {
        this.in = in;
    }

    /// Empty for bytes that are no such list.
    static List<@Nullable Object> parse(Bytes imap) {
        var reader = new ImapList(imap.unsafeArray());
        try {
            return reader.value(0) instanceof List<?> l ? Collections.unmodifiableList(l) : List.of();
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return List.of(); // not written by us: WildDuck gets no structure rather than a wrong one
        }
    }

    /// Subject, names and addresses decoded, as bytes of UTF-8.
    static List<@Nullable Object> envelope(Bytes imap) {
        var out = new ArrayList<@Nullable Object>(parse(imap));
        for (int i = 0; i < out.size(); i++) {
            if (i == SUBJECT) {
                out.set(i, decoded(out.get(i)));
            } else if (i >= FIRST_ADDRESSES && i <= LAST_ADDRESSES && out.get(i) instanceof List<?> addresses) {
                out.set(i, addresses.stream().map(a -> a instanceof List<?> one ? address(one) : a).toList());
            }
        }
        return out;
    }

    private static List<@Nullable Object> address(List<?> one) {
        var out = new ArrayList<@Nullable Object>();
        one.forEach(part -> out.add(decoded(part)));
        return out;
    }

    private static @Nullable Object decoded(@Nullable Object text) {
        return text instanceof String s ? Bytes.wrap(EncodedWord.decode(s).getBytes(StandardCharsets.UTF_8)) : text;
    }

    /// Types in upper case, values of parameters as bytes.
    static List<@Nullable Object> structure(Bytes imap) {
        return structure(parse(imap));
    }

    private static List<@Nullable Object> structure(List<?> part) {
        var out = new ArrayList<@Nullable Object>();
        int i = 0;
        boolean multipart = !part.isEmpty() && part.getFirst() instanceof List<?>;
        while (i < part.size() && part.get(i) instanceof List<?> child) {
            out.add(structure(child));
            i++;
        }
        boolean embeds = !multipart && part.size() > EMBEDDED_STRUCTURE && "message".equalsIgnoreCase(String.valueOf(part.getFirst()))
                && part.get(EMBEDDED_STRUCTURE) instanceof List<?>;
        for (int n = 0; i < part.size(); i++, n++) {
            out.add(item(part.get(i), n, multipart, embeds));
        }
        return out;
    }

    private static @Nullable Object item(@Nullable Object item, int n, boolean multipart, boolean embeds) {
        boolean word = n == 0 || !multipart && (n == 1 || n == ENCODING);
        if (word && item instanceof String s) {
            return s.toUpperCase(Locale.ROOT);
        }
        if (!(item instanceof List<?> list) || embeds && n == EMBEDDED_ENVELOPE) {
            return item;
        }
        return embeds && n == EMBEDDED_STRUCTURE ? structure(list) : parameters(list);
    }

    /// `("charset" "utf-8" …)` or `("attachment" ("filename" "x"))`.
    private static List<@Nullable Object> parameters(List<?> list) {
        var out = new ArrayList<@Nullable Object>();
        for (int i = 0; i < list.size(); i++) {
            @Nullable Object item = list.get(i);
            boolean key = i % 2 == 0;
            if (item instanceof String s) {
                out.add(key ? s.toUpperCase(Locale.ROOT) : Bytes.wrap(s.getBytes(StandardCharsets.UTF_8)));
            } else {
                out.add(item instanceof List<?> inner ? parameters(inner) : item);
            }
        }
        return out;
    }

    private @Nullable Object value(int depth) {
        skipSpace();
        return switch (in[at]) {
            case '(' -> list(depth);
            case '"' -> quoted();
            case '{' -> literal();
            default -> atom();
        };
    }

    private void skipSpace() {
        while (in[at] == ' ') {
            at++;
        }
    }

    private List<@Nullable Object> list(int depth) {
        if (depth > DEPTH) {
            throw new NumberFormatException("nested too deeply");
        }
        at++;
        var out = new ArrayList<@Nullable Object>();
        for (skipSpace(); in[at] != ')'; skipSpace()) {
            out.add(value(depth + 1));
        }
        at++;
        return out;
    }

    private String quoted() {
        at++;
        var out = new StringBuilder();
        while (in[at] != '"') {
            if (in[at] == '\\') {
                at++;
            }
            out.append((char) (in[at++] & 0xff));
        }
        at++;
        return utf8(out.toString());
    }

    private String literal() {
        int end = ++at;
        while (in[end] != '}') {
            end++;
        }
        int size = Integer.parseInt(new String(in, at, end - at, StandardCharsets.US_ASCII));
        at = end + "}\r\n".length();
        var text = new String(in, at, size, StandardCharsets.ISO_8859_1);
        at += size;
        return utf8(text);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private @Nullable Object atom() {
        int start = at;
        while (at < in.length && in[at] != ' ' && in[at] != ')' && in[at] != '(') {
            at++;
        }
        var word = new String(in, start, at - start, StandardCharsets.US_ASCII);
        if (word.equals("NIL")) {
            return null;
        }
        if (word.isEmpty()) {
            throw new NumberFormatException("an empty word");
        }
        return word.chars().allMatch(Character::isDigit) ? (Object) (int) Long.parseLong(word) : word;
    }
}
