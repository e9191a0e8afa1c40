package org.pintail.header;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads address lists (RFC 5322 §3.4 with the obsolete forms of §4.4), one pass, never failing.
///
///     address-list = (mailbox / group) *("," (mailbox / group))
///     mailbox      = [display-name] "<" [route] addr-spec ">" / addr-spec
///     group        = display-name ":" [mailbox-list] ";"
final class AddressReader {
    private static final int MAX_ADDRESSES = 10_000;
    private final String text;
    private int at;
    private final List<HeaderAddress> found = new ArrayList<>();
    private @Nullable String group;
    private List<HeaderAddress.Mailbox> members = new ArrayList<>();

    AddressReader(String text) {
        this.text = text;
    }

    List<HeaderAddress> read() {
        var phrase = new StringBuilder();
        @Nullable String angle = null;
        while (at < text.length() && found.size() + members.size() < MAX_ADDRESSES) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> append(phrase, quoted());
                case '(' -> comment();
                case '<' -> angle = angle();
                case ':' -> {
                    at++;
                    group = phrase.toString().strip();
                    phrase.setLength(0);
                }
                case ',', ';' -> {
                    at++;
                    emit(phrase, angle);
                    phrase.setLength(0);
                    angle = null;
                    if (c == ';') {
                        endGroup();
                    }
                }
                default -> {
                    phrase.append(c);
                    at++;
                }
            }
        }
        emit(phrase, angle);
        endGroup();
        return List.copyOf(found);
    }

    private static void append(StringBuilder phrase, String quoted) {
        phrase.append(quoted);
    }

    private void emit(StringBuilder phrase, @Nullable String angle) {
        var words = collapse(phrase);
        if (angle == null && !words.contains("@")) {
            return; // a bare word is no address
        }
        var spec = angle == null ? words : angle;
        int sign = spec.lastIndexOf('@');
        var local = sign < 0 ? spec : spec.substring(0, sign);
        var mailbox = new HeaderAddress.Mailbox(
                angle == null || words.isEmpty() ? null : words,
                local.strip(),
                sign < 0 ? "" : spec.substring(sign + 1).strip());
        if (mailbox.localPart().isEmpty() && mailbox.domain().isEmpty()) {
            return;
        }
        if (group == null) {
            found.add(mailbox);
        } else {
            members.add(mailbox);
        }
    }

    private void endGroup() {
        if (group != null) {
            found.add(new HeaderAddress.Group(group, members));
            group = null;
            members = new ArrayList<>();
        }
    }

    private static String collapse(StringBuilder phrase) {
        var out = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < phrase.length(); i++) {
            char c = phrase.charAt(i);
            if (Character.isWhitespace(c)) {
                space = true;
            } else {
                if (space && !out.isEmpty()) {
                    out.append(' ');
                }
                space = false;
                out.append(c);
            }
        }
        return out.toString();
    }

    private String quoted() {
        var out = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            out.append(text.charAt(at++));
        }
        at++;
        return out.toString();
    }

    private void comment() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return;
            }
        }
    }

    /// What stands between "<" and ">", without a source route (RFC 5322 §4.4).
    private String angle() {
        var out = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '>') {
            char c = text.charAt(at);
            if (c == '"') {
                out.append(quoted());
            } else if (c == '(') {
                comment();
            } else {
                out.append(c);
                at++;
            }
        }
        at++;
        var spec = out.toString().strip();
        int route = spec.startsWith("@") ? spec.indexOf(':') : -1;
        return route < 0 ? spec : spec.substring(route + 1);
    }
}
