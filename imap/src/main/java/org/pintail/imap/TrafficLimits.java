package org.pintail.imap;

import java.time.Duration;
import org.pintail.backend.Counters;
import org.pintail.imap.wire.No;

/// Bytes an account may fetch and append in 24 hours. The account's own limit (`imapMaxDownload`, `imapMaxUpload`) comes first.
enum TrafficLimits {
    DOWNLOAD("idw:", "imapMaxDownload", "Download"),
    UPLOAD("iup:", "imapMaxUpload", "Upload");

    private static final long DEFAULT = 10L << 30;
    private static final Duration WINDOW = Duration.ofHours(24);
    private final String key;
    private final String field;
    private final String name;

    TrafficLimits(String key, String field, String name) {
        this.key = key;
        this.field = field;
        this.name = name;
    }

    /// Refuses when the running window is used up.
    void check(Authenticated session) {
        var count = counters(session).read(key + session.id().hex());
        if (count.value() == 0) {
            return;
        }
        long own = session.limit(field);
        if (count.value() >= (own > 0 ? own : DEFAULT)) {
            throw new No("TEMPFAIL", name + " was rate limited. Try again in " + text(count.left()) + ".");
        }
    }

    void count(Authenticated session, long bytes) {
        if (bytes > 0) {
            counters(session).add(key + session.id().hex(), bytes, Long.MAX_VALUE, WINDOW);
        }
    }

    private static Counters counters(Authenticated session) {
        return session.mail().store().counters();
    }

    private static String text(Duration left) {
        if (left.toHours() > 0) {
            return left.toHours() + " hours";
        }
        return left.toMinutes() > 0 ? left.toMinutes() + " minutes" : Math.max(1, left.toSeconds()) + " seconds";
    }
}
