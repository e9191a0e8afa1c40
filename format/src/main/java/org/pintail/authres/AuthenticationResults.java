package org.pintail.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a host found out about a message, and the name under which it says so (RFC 8601 §2.2).
public record AuthenticationResults(String authservId, List<Row> rows) {
    private static final int WIDTH = 78;

    public AuthenticationResults {
        rows = List.copyOf(rows);
    }

    /// `ptype.property=value`.
    public record Property(String type, String name, String value) {}

    /// One `resinfo`: `method=result (comment) properties`. An empty comment is none; properties with an empty value are left out.
    public record Row(String method, String result, String comment, List<Property> properties) {
        public Row {
            properties = properties.stream().filter(p -> !p.value().isEmpty()).toList();
        }

        public Optional<String> property(String type, String name) {
            return properties.stream()
                    .filter(p -> p.type().equalsIgnoreCase(type) && p.name().equalsIgnoreCase(name))
                    .map(Property::value)
                    .findFirst();
        }
    }

    /// The whole field, folded, without its final CRLF.
    public String field() {
        return "Authentication-Results: " + body();
    }

    /// The text after the field's name; ARC has it as well.
    ///
    ///     authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ( no-result / 1*resinfo ) [CFWS]
    public String body() {
        var out = new StringBuilder(ValueText.value(authservId));
        if (rows.isEmpty()) {
            return out.append("; none").toString();
        }
        for (var row : rows) {
            out.append(";\r\n\t");
            var words = new ArrayList<String>();
            words.add(row.method + "=" + row.result);
            if (!row.comment.isEmpty()) {
                words.add(ValueText.comment(row.comment));
            }
            row.properties.forEach(p -> words.add(p.type + "." + p.name + "=" + ValueText.value(p.value)));
            fold(out, words);
        }
        return out.toString();
    }

    private static void fold(StringBuilder out, List<String> words) {
        int column = 8;
        for (int i = 0; i < words.size(); i++) {
            int length = words.get(i).length();
            if (i > 0) {
                boolean wrap = column + 1 + length > WIDTH;
                out.append(wrap ? "\r\n\t " : " ");
                column = wrap ? 9 : column + 1;
            }
            out.append(words.get(i));
            column += length;
        }
    }

    /// Reads the text after the field's name; empty when not even an authserv-id can be made out. Rows that cannot be read are left out.
    public static Optional<AuthenticationResults> parse(String text) {
        return new ResultsReader(text).read();
    }
}
