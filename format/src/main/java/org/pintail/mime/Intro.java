package org.pintail.mime;

import java.util.List;

/// The first words of a message, for listings: at most 128 characters of unquoted text.
final class Intro {
    private static final int MAX = 128;
    private static final int LOOK_AT = 2048;
    private static final int FIRST_LOOK = 256; // of HTML, which costs much to read; mostly enough

    private Intro() {}

    static String of(String text, List<String> html) {
        if (html.isEmpty()) {
            return shortened(words(text));
        }
        var first = words(HtmlText.beginning(html.getFirst(), FIRST_LOOK));
        return shortened(first.length() > MAX ? first : words(HtmlText.beginning(html.getFirst(), LOOK_AT)));
    }

    /// What is not quoted, as far as is needed to see whether it is longer than [#MAX].
    private static String words(String source) {
        var head = source.length() > LOOK_AT ? source.substring(0, LOOK_AT) : source;
        var out = new StringBuilder();
        for (var line : head.replace("[...]", "").split("\n", -1)) {
            var trimmed = line.strip();
            if (!trimmed.startsWith(">") && !isRule(trimmed)) {
                out.append(trimmed).append(' ');
            }
        }
        return collapse(out);
    }

    private static String shortened(String collapsed) {
        if (collapsed.length() <= MAX) {
            return collapsed;
        }
        int space = collapsed.lastIndexOf(' ', MAX);
        int end = Character.isHighSurrogate(collapsed.charAt(MAX - 1)) ? MAX - 1 : MAX;
        return collapsed.substring(0, space > 0 ? space : end).strip() + "…";
    }

    /// A line of one character repeated, such as `-----`.
    private static boolean isRule(String line) {
        return line.length() > 1 && line.chars().allMatch(c -> c == line.charAt(0));
    }

    /// White space as single blanks; no more of it than shows that it is longer than [#MAX].
    private static String collapse(CharSequence text) {
        var out = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < text.length() && out.length() <= MAX; i++) {
            char c = text.charAt(i);
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
}
