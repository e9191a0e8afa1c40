package org.pintail.header;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads address lists (RFC 5322 §3.4 with the obsolete forms of §4.4), one pass, never failing.
///
///     address-list = (mailbox / group) *("," (mailbox / group))
///     mailbox      = [display-name] "<" [route] addr-spec ">" / addr-spec
///     group        = display-name ":" [mailbox-list] ";"
///
/// A quote, comment or bracket without its end stands for itself, so that it does not swallow the addresses behind it. Once one kind has
/// no end, no other of that kind has, and it is not looked for again: time stays linear in the text.
final class AddressReader {
    private static final int MAX_ADDRESSES = 10_000;
    private static final int MAX_LITERAL = 100;
    private final String text;
    private int at;
    private boolean quotesOpen;
    private boolean commentsOpen;
    private boolean anglesOpen;
    private final List<HeaderAddress> found = new ArrayList<>();
    private @Nullable String group;
    private @Nullable String remark;
    private @Nullable String route;
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
                case '"' -> quoted(phrase);
                case '(' -> {
                    var text = comment(phrase);
                    remark = text.isEmpty() ? remark : text;
                }
                case '[' -> literal(phrase);
                case '<' -> angle = angle(phrase, angle);
                case ':' -> {
                    at++;
                    group = phrase.toString().strip();
                    phrase.setLength(0);
                    remark = null;
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

    private void emit(StringBuilder phrase, @Nullable String angle) {
        var words = collapse(phrase);
        var name = angle == null || words.isEmpty() ? remark : words;
        var way = route;
        remark = null;
        route = null;
        if (angle == null && !words.contains("@")) {
            return; // a bare word is no address
        }
        var spec = angle == null ? words : angle;
        int sign = spec.lastIndexOf('@');
        var local = sign < 0 ? spec : spec.substring(0, sign);
        var mailbox = new HeaderAddress.Mailbox(
                name,
                local.strip(),
                sign < 0 ? "" : spec.substring(sign + 1).strip(),
                way);
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

    /// Appends one character as it stands.
    private void plain(StringBuilder out) {
        out.append(text.charAt(at++));
    }

    ///     quoted-string = DQUOTE *(qtext / quoted-pair) DQUOTE
    private void quoted(StringBuilder out) {
        int start = at;
        int length = out.length();
        at++;
        while (!quotesOpen && at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return;
            }
            at += c == '\\' && at + 1 < text.length() ? 1 : 0;
            plain(out);
        }
        quotesOpen = true;
        out.setLength(length);
        at = start;
        plain(out);
    }

    ///     comment = "(" *(ctext / quoted-pair / comment) ")"
    ///
    /// What it says, "" where it has no end.
    private String comment(StringBuilder out) {
        int start = at;
        int depth = 0;
        var says = new StringBuilder();
        while (!commentsOpen && at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                says.append(at < text.length() ? text.substring(at, at + 1) : "");
                at++;
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return collapse(says.deleteCharAt(0));
            }
            says.append(c);
        }
        commentsOpen = true;
        at = start;
        plain(out);
        return "";
    }

    ///     domain-literal = "[" *dtext "]"
    ///
    /// Its colons begin no group.
    private void literal(StringBuilder out) {
        int end = at + 1;
        while (end < text.length() && end - at < MAX_LITERAL && "[]<>\",; ".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end < text.length() && text.charAt(end) == ']') {
            out.append(text, at, end + 1);
            at = end + 1;
        } else {
            plain(out);
        }
    }

    /// What stands between "<" and ">", without a source route (RFC 5322 §4.4); `before` when no bracket closes it.
    private @Nullable String angle(StringBuilder phrase, @Nullable String before) {
        int start = at;
        var out = new StringBuilder();
        at++;
        while (!anglesOpen && at < text.length() && text.charAt(at) != '<') {
            switch (text.charAt(at)) {
                case '>' -> {
                    at++;
                    return withoutRoute(out.toString().strip());
                }
                case '"' -> quoted(out);
                case '(' -> comment(out);
                default -> plain(out);
            }
        }
        anglesOpen |= at >= text.length();
        at = start;
        plain(phrase);
        return before;
    }

    private String withoutRoute(String spec) {
        int end = spec.startsWith("@") ? spec.indexOf(':') : -1;
        if (end < 0) {
            return spec;
        }
        route = spec.substring(0, end);
        return spec.substring(end + 1);
    }
}
