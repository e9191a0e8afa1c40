package org.pintail.mime;

import java.util.List;

/// The first words of a message, for listings: at most 128 characters of unquoted text.
final class Intro {
    private static final int MAX = 128;
    private static final int LOOK_AT = 2048;
    private static final int FIRST_PART = 512;
    private static final int SPOILT = 64; // characters that half a tag or entity at the end can add

    private Intro() {}

    static String of(String text, List<String> html) {
        return shortened(html.isEmpty() ? words(text) : pageWords(html.getFirst()));
    }

    /// Of a long page only as much is parsed as it takes to have enough.
    private static String pageWords(String html) {
        for (int part = FIRST_PART; part < html.length(); part *= 4) {
            var text = HtmlText.of(html.substring(0, part));
            var words = words(text.substring(0, Math.max(0, text.length() - SPOILT)));
            if (words.length() > MAX) {
                return words;
            }
        }
        return words(HtmlText.of(html));
    }

    private static String words(String text) {
        var head = text.length() > LOOK_AT ? text.substring(0, LOOK_AT) : text;
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
