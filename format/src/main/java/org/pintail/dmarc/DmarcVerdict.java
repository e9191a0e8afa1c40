package org.pintail.dmarc;

import java.util.Locale;
import java.util.Optional;

/// What DMARC says of a message.
///
/// @param from the author domain that was judged; of several the one that decided
/// @param published where a policy was found, empty when there is none
/// @param spfAligned SPF passed for a domain that agrees
/// @param dkimAligned a signature passed for a domain that agrees
/// @param requested what the domain asks for when this fails; NONE on pass
/// @param applied the same after `pct` and `t=y`
/// @param comment why, for errors
public record DmarcVerdict(
        Result result,
        String from,
        Optional<Published> published,
        boolean spfAligned,
        boolean dkimAligned,
        DmarcPolicy requested,
        DmarcPolicy applied,
        String comment) {

    /// RFC 8601 §2.7.4 (RFC 7489 §11.2).
    public enum Result {
        PASS,
        FAIL,
        NONE,
        TEMPERROR,
        PERMERROR;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A policy and the domain that published it.
    public record Published(String domain, DmarcRecord record) {}
}
