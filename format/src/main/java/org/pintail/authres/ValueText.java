package org.pintail.authres;

/// Values and comments as the field holds them.
final class ValueText {
    private static final String SPECIAL = "()<>,;:\\\"/[]?=";
    private static final int MAX_COMMENT = 500;

    private ValueText() {}

    /// RFC 8601 §2.2 `pvalue`: a token, an address as it is, or else a quoted-string. Line breaks and other controls become spaces.
    static String value(String text) {
        boolean plain = !text.isEmpty() && text.indexOf('@') == text.lastIndexOf('@');
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c > 0x20 && c < 0x7f && SPECIAL.indexOf(c) < 0;
        }
        if (plain) {
            return text;
        }
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c < 0x20 || c == 0x7f ? ' ' : c);
        }
        return out.append('"').toString();
    }

    /// RFC 5322 §3.2.2; what would end or nest it is escaped, runs of white space and controls are one space.
    static String comment(String text) {
        var out = new StringBuilder("(");
        boolean space = false;
        for (int i = 0; i < text.length() && out.length() < MAX_COMMENT; i++) {
            char c = text.charAt(i);
            if (c <= 0x20 || c == 0x7f) {
                space = true;
                continue;
            }
            if (space && out.length() > 1) {
                out.append(' ');
            }
            space = false;
            if (c == '(' || c == ')' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append(')').toString();
    }
}
