package org.pintail.imap.envelope;

import java.text.Normalizer;

/// The collation i;unicode-casemap, RFC 5051 §2: titlecase, then decomposition, then the order of code points.
public final class UnicodeCasemap {
    private UnicodeCasemap() {}

    /// What is compared instead of `text`, by [#compare].
    public static String key(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 0x80) {
                out.append((char) (c >= 'a' && c <= 'z' ? c - 32 : c));
            } else {
                var title = Character.toString(Character.toTitleCase(c));
                out.append(Normalizer.normalize(title, Normalizer.Form.NFKD));
            }
        }
        return out.toString();
    }

    /// By code points, as UTF-8 octets compare; [String#compareTo] would put U+FFFD behind what takes two chars.
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean first = Character.isSurrogate(x);
                boolean second = Character.isSurrogate(y);
                return first == second ? Character.compare(x, y) : Boolean.compare(first, second);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
