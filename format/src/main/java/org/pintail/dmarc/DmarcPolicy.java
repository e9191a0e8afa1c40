package org.pintail.dmarc;

import java.util.Locale;
import java.util.Optional;

/// What a domain asks to be done with mail that fails, mildest first: RFC 7489 §6.3 `p`.
public enum DmarcPolicy {
    NONE,
    QUARANTINE,
    REJECT;

    public static Optional<DmarcPolicy> of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(NONE);
            case "quarantine" -> Optional.of(QUARANTINE);
            case "reject" -> Optional.of(REJECT);
            default -> Optional.empty();
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// One level lower: for the part that `pct` leaves out (RFC 7489 §6.6.4), and while a domain tests (RFC 9989 `t=y`).
    DmarcPolicy milder() {
        return this == REJECT ? QUARANTINE : NONE;
    }
}
