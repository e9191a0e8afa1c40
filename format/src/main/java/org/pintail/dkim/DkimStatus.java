package org.pintail.dkim;

import java.util.Locale;

/// RFC 8601 §2.7.1.
public enum DkimStatus {
    PASS,
    FAIL,
    POLICY,
    NEUTRAL,
    TEMPERROR,
    PERMERROR;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
