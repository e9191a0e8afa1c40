package org.pintail.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads RFC 8601 §2.2, one pass, never failing.
///
///     resinfo     = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]
///     methodspec  = [CFWS] method [CFWS] "=" [CFWS] result
///     propspec    = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue
final class ResultsReader {
    private static final int MAX_ROWS = 100;
    private static final int MAX_WORDS = 100;
    private final String text;
    private int at;
    private String comment = "";

    ResultsReader(String text) {
        this.text = text;
    }

    Optional<AuthenticationResults> read() {
        space();
        var id = word();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        skipTo(';');
        var rows = new ArrayList<AuthenticationResults.Row>();
        while (at < text.length() && rows.size() < MAX_ROWS) {
            at++;
            var row = row();
            if (row != null) {
                rows.add(row);
            }
            skipTo(';');
        }
        return Optional.of(new AuthenticationResults(id, rows));
    }

    private AuthenticationResults.@Nullable Row row() {
        comment = "";
        var method = pair();
        if (method == null) {
            return null;
        }
        var properties = new ArrayList<AuthenticationResults.Property>();
        for (int i = 0; i < MAX_WORDS; i++) {
            var property = pair();
            if (property == null) {
                break;
            }
            int dot = property.getFirst().indexOf('.');
            if (dot > 0) {
                properties.add(new AuthenticationResults.Property(
                        property.getFirst().substring(0, dot).toLowerCase(Locale.ROOT), property.getFirst().substring(dot + 1), property.getLast()));
            }
        }
        var name = method.getFirst().toLowerCase(Locale.ROOT);
        int version = name.indexOf('/');
        var bare = version < 0 ? name : name.substring(0, version);
        return new AuthenticationResults.Row(bare, method.getLast().toLowerCase(Locale.ROOT), comment, properties);
    }

    /// `name = value`, null when there is none before the next ";".
    private @Nullable List<String> pair() {
        space();
        var name = word();
        space();
        if (at >= text.length() || text.charAt(at) != '=' || name.isEmpty()) {
            return null;
        }
        at++;
        space();
        return List.of(name, value());
    }

    private String word() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && " \t\r\n;=(\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    /// As [#word], where "=" is no end: base64 and addresses have it unquoted in the wild.
    private String value() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && " \t\r\n;(".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
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
        at = Math.min(text.length(), at + 1);
        return out.toString();
    }

    /// White space and comments; the first comment of a row is kept.
    private void space() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (" \t\r\n".indexOf(c) >= 0) {
                at++;
            } else {
                return;
            }
        }
    }

    private void comment() {
        var out = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                out.append(text.charAt(at++));
                continue;
            }
            if (c == '(' && depth++ == 0) {
                continue;
            }
            if (c == ')' && --depth == 0) {
                break;
            }
            out.append(c);
        }
        if (comment.isEmpty()) {
            comment = out.toString();
        }
    }

    private void skipTo(char end) {
        while (at < text.length() && text.charAt(at) != end) {
            if (text.charAt(at) == '"') {
                quoted();
            } else if (text.charAt(at) == '(') {
                comment();
            } else {
                at++;
            }
        }
    }
}
