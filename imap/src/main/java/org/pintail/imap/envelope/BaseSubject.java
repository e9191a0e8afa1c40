package org.pintail.imap.envelope;

/// The base subject of RFC 5256 §2.1: without what answering, forwarding and lists put around a subject.
///
///     subj-leader  = (*subj-blob subj-refwd) / WSP
///     subj-refwd   = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
///     subj-blob    = "[" *BLOBCHAR "]" *WSP
///     subj-trailer = "(fwd)" / WSP
///
/// @param reply was there something that answering or forwarding adds?
public record BaseSubject(String text, boolean reply) {
    /// `decoded`: without encoded words.
    public static BaseSubject of(String decoded) {
        var reader = new Reader(collapsed(decoded));
        reader.strip();
        return new BaseSubject(reader.text.substring(reader.from, reader.to), reader.reply);
    }

    /// White space as one blank each.
    private static String collapsed(String text) {
        boolean clean = true;
        for (int i = 0; i < text.length() && clean; i++) {
            char c = text.charAt(i);
            clean = c > ' ' || c == ' ' && i > 0 && text.charAt(i - 1) != ' ';
        }
        if (clean) {
            return text;
        }
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ') {
                out.append(c);
            } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        return out.toString();
    }

    private static final class Reader {
        private final String text;
        private int from;
        private int to;
        private boolean reply;
        /// Up to here it is known that blobs lead to no `subj-refwd`: so many blobs cost no more than their length.
        private int blobsOnly;

        Reader(String text) {
            this.text = text;
            this.to = text.length();
        }

        void strip() {
            do {
                while (trailer()) {
                    // as often as there is one
                }
                while (leader() || blob()) {
                    // as often as there is one
                }
            } while (forward());
        }

        private boolean trailer() {
            if (to > from && text.charAt(to - 1) == ' ') {
                to--;
                return true;
            }
            if (ends("(fwd)")) {
                to -= "(fwd)".length();
                reply = true;
                return true;
            }
            return false;
        }

        private boolean leader() {
            if (from < to && text.charAt(from) == ' ') {
                from++;
                return true;
            }
            if (from < blobsOnly) {
                return false;
            }
            int at = from;
            int next = afterBlob(at);
            while (next > at) {
                at = next;
                next = afterBlob(at);
            }
            int end = afterReply(at);
            if (end < 0) {
                blobsOnly = at;
                return false;
            }
            from = end;
            reply = true;
            return true;
        }

        /// Behind `subj-refwd`, -1 when there is none.
        private int afterReply(int start) {
            int at;
            if (begins("re", start)) {
                at = start + 2;
            } else if (begins("fw", start)) {
                at = start + (begins("fwd", start) ? 3 : 2);
            } else {
                return -1;
            }
            while (at < to && text.charAt(at) == ' ') {
                at++;
            }
            at = afterBlob(at);
            return at < to && text.charAt(at) == ':' ? at + 1 : -1;
        }

        /// A blob goes when something is left without it.
        private boolean blob() {
            int end = afterBlob(from);
            if (end == from || end >= to) {
                return false;
            }
            from = end;
            return true;
        }

        private int afterBlob(int start) {
            if (start >= to || text.charAt(start) != '[') {
                return start;
            }
            int at = start + 1;
            while (at < to && text.charAt(at) != ']' && text.charAt(at) != '[') {
                at++;
            }
            if (at >= to || text.charAt(at) != ']') {
                return start;
            }
            at++;
            while (at < to && text.charAt(at) == ' ') {
                at++;
            }
            return at;
        }

        /// `subj-fwd = "[fwd:" subject "]"`
        private boolean forward() {
            if (!begins("[fwd:", from) || !ends("]")) {
                return false;
            }
            from += "[fwd:".length();
            to--;
            blobsOnly = 0;
            reply = true;
            return true;
        }

        private boolean begins(String lowerCase, int at) {
            return at + lowerCase.length() <= to && text.regionMatches(true, at, lowerCase, 0, lowerCase.length());
        }

        private boolean ends(String lowerCase) {
            int at = to - lowerCase.length();
            return at >= from && text.regionMatches(true, at, lowerCase, 0, lowerCase.length());
        }
    }
}
