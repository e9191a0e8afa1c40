package org.pintail.imap;

/// Patterns of LIST, RFC 3501 §6.3.8: `*` stands for anything, `%` for anything but the separator. Time is bounded by the product of
/// the lengths, whatever the pattern.
record MailboxPattern(String pattern) {
    /// `reference` and pattern as one, INBOX in upper case (RFC 3501 §5.1), also as the first part of a path.
    static MailboxPattern of(String reference, String pattern) {
        var whole = reference + pattern;
        boolean inbox = whole.regionMatches(true, 0, "INBOX", 0, 5) && (whole.length() == 5 || whole.charAt(5) == '/');
        return new MailboxPattern(inbox ? "INBOX" + whole.substring(5) : whole);
    }

    boolean matches(String path) {
        var now = new boolean[path.length() + 1];
        now[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            char c = pattern.charAt(p);
            var next = new boolean[path.length() + 1];
            for (int i = 0; i <= path.length(); i++) {
                if (c == '*' || c == '%') {
                    next[i] = now[i] || i > 0 && next[i - 1] && (c == '*' || path.charAt(i - 1) != '/');
                } else if (i > 0) {
                    next[i] = now[i - 1] && path.charAt(i - 1) == c;
                }
            }
            now = next;
        }
        return now[path.length()];
    }

    /// Can it match a name that begins so?
    boolean reaches(String prefix) {
        for (int i = 0; i < Math.min(pattern.length(), prefix.length()); i++) {
            char c = pattern.charAt(i);
            if (c == '*' || c == '%') {
                return true;
            }
            if (c != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
