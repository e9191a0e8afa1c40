package org.pintail.spf;

import java.util.Locale;

/// RFC 7208 §2.6.
public enum SpfResult {
    PASS,
    FAIL,
    SOFTFAIL,
    NEUTRAL,
    NONE,
    TEMPERROR,
    PERMERROR;

    /// As header fields have it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
