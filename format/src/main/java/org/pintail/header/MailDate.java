package org.pintail.header;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/// Date and time of a header field, RFC 5322 §3.3 and §4.3, read tolerantly.
public final class MailDate {
    private MailDate() {}

    public static Optional<OffsetDateTime> parse(String value) {
        throw new UnsupportedOperationException();
    }

    /// `Mon, 2 Nov 2026 08:00:00 +0000`
    public static String format(Instant when) {
        throw new UnsupportedOperationException();
    }
}
