package org.pintail.imap.envelope;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.header.EncodedWord;

/// A rendered ENVELOPE, read again: what SEARCH, SORT and THREAD ask of a header (RFC 3501 §7.4.2). It is kept as bytes, for that is the smallest
/// form; only the field that is asked for is looked at. Bytes that are no envelope have no fields, or odd ones.
public final class Envelope {
    /// As long as a value may have been before it was cut when it was rendered.
    private static final int CUT = 8000;
    private final byte[] in;
    private volatile @Nullable SubjectKey subject;
    private volatile @Nullable Kin kin;

    /// In the order in which they stand.
    public enum Field {
        DATE,
        SUBJECT,
        FROM,
        SENDER,
        REPLY_TO,
        TO,
        CC,
        BCC,
        IN_REPLY_TO,
        MESSAGE_ID
    }

    /// Encoded words are not decoded in `name`. `local` alone is the name of a group that begins, all three missing the end of one.
    public record Address(@Nullable String name, @Nullable String local, @Nullable String host) {}

    /// As the store renders it, `(date subject from …)`.
    public Envelope(Bytes rendered) {
        this.in = rendered.unsafeArray();
    }

    int size() {
        return in.length;
    }

    /// What THREAD wants to know: the own id, "" when there is none, and what is answered, oldest first.
    public record Kin(String id, List<String> ancestors) {
        public Kin {
            ancestors = List.copyOf(ancestors);
        }
    }

    /// Once [#kin(List)] has been told the references.
    public @Nullable Kin kin() {
        return kin;
    }

    /// `references`: what the References field holds, which no envelope has.
    Kin kin(List<String> references) {
        var id = MessageIds.first(text(Field.MESSAGE_ID));
        var found = new Kin(id, MessageIds.ancestors(id, references, text(Field.IN_REPLY_TO)));
        kin = found;
        return found;
    }

    /// Made when it is first asked for.
    public SubjectKey subject() {
        var known = subject;
        if (known == null) {
            known = SubjectKey.of(text(Field.SUBJECT));
            subject = known;
        }
        return known;
    }

    /// Is it anything but NIL?
    public boolean has(Field field) {
        int at = find(field);
        return at < in.length && in[at] != 'N';
    }

    /// May text of that field have been left out?
    public boolean isCut(Field field) {
        int at = find(field);
        return skip(at) - at > CUT;
    }

    /// The string with encoded words decoded, "" when the field is missing.
    public String text(Field field) {
        var raw = string(new Cursor(find(field)));
        return raw == null ? "" : EncodedWord.decode(raw);
    }

    /// In their order; none when the field is missing.
    public List<Address> addresses(Field field) {
        var at = new Cursor(find(field));
        var found = new ArrayList<Address>();
        if (!at.accept('(')) {
            return found;
        }
        while (at.accept('(')) {
            var name = string(at);
            at.accept(' ');
            string(at); // at-domain-list, never given
            at.accept(' ');
            var local = string(at);
            at.accept(' ');
            found.add(new Address(name, local, string(at)));
            at.accept(')');
        }
        return found;
    }

    /// The addresses as a header would show them: `Bob <bob@example.com>, ann@example.org`.
    public String addressText(Field field) {
        var out = new StringBuilder();
        for (var a : addresses(field)) {
            if (a.local() == null) {
                continue;
            }
            out.append(out.isEmpty() ? "" : ", ");
            if (a.host() == null) {
                out.append(EncodedWord.decode(a.local())).append(':');
            } else if (a.name() == null) {
                out.append(a.local()).append('@').append(a.host());
            } else {
                out.append(EncodedWord.decode(a.name())).append(" <").append(a.local()).append('@').append(a.host()).append('>');
            }
        }
        return out.toString();
    }

    private final class Cursor {
        private int at;

        Cursor(int at) {
            this.at = at;
        }

        boolean accept(char c) {
            boolean there = at < in.length && in[at] == c;
            at += there ? 1 : 0;
            return there;
        }
    }

    private int find(Field field) {
        int at = 1; // (
        for (int i = 0; i < field.ordinal(); i++) {
            at = skip(at) + 1; // SP
        }
        return at;
    }

    private @Nullable String string(Cursor cursor) {
        int from = cursor.at;
        int to = skip(from);
        cursor.at = to;
        if (from >= in.length || in[from] != '"' && in[from] != '{') {
            return null;
        }
        if (in[from] == '{') {
            int start = from;
            while (start < to && in[start] != '\n') {
                start++;
            }
            return new String(in, Math.min(start + 1, to), Math.max(0, to - start - 1), StandardCharsets.UTF_8);
        }
        boolean plain = true;
        for (int i = from + 1; i < to - 1 && plain; i++) {
            plain = in[i] != '\\';
        }
        var text = new String(in, from + 1, Math.max(0, to - from - 2), StandardCharsets.UTF_8);
        return plain ? text : unescaped(text);
    }

    private static String unescaped(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
        }
        return out.toString();
    }

    /// Behind the value that begins at `from`.
    private int skip(int from) {
        int depth = 0;
        int at = Math.min(from, in.length);
        while (at < in.length) {
            switch (in[at]) {
                case '"' -> at = skipQuoted(at);
                case '{' -> at = skipLiteral(at);
                case '(' -> {
                    depth++;
                    at++;
                }
                case ')' -> {
                    if (depth == 0) {
                        return at;
                    }
                    depth--;
                    at++;
                }
                case ' ' -> at++;
                default -> at = skipAtom(at);
            }
            if (depth == 0) {
                return Math.min(at, in.length);
            }
        }
        return in.length;
    }

    private int skipQuoted(int from) {
        int at = from + 1;
        while (at < in.length && in[at] != '"') {
            at += in[at] == '\\' ? 2 : 1;
        }
        return Math.min(in.length, at + 1);
    }

    private int skipLiteral(int from) {
        long size = 0;
        int at = from + 1;
        for (; at < in.length && in[at] >= '0' && in[at] <= '9'; at++) {
            size = Math.min(in.length, size * 10 + in[at] - '0');
        }
        return (int) Math.min(in.length, at + 3 + size); // } CR LF
    }

    private int skipAtom(int from) {
        int at = from;
        while (at < in.length && in[at] != ' ' && in[at] != ')') {
            at++;
        }
        return at;
    }
}
