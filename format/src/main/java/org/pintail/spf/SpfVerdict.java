package org.pintail.spf;

import java.util.Optional;

/// What SPF says of one identity.
///
/// @param domain whose record was asked for, "" when the identity has no domain
/// @param sender the identity as an address (`postmaster@` its domain for HELO)
/// @param reason what an error was, "" otherwise
/// @param mechanism the term that matched, "" when none did
/// @param explanation what the domain says to those it refuses (RFC 7208 §6.2); only with FAIL
/// @param lookups terms that asked the DNS
/// @param voids of these, those that found nothing
public record SpfVerdict(
        SpfResult result,
        Identity identity,
        String domain,
        String sender,
        String reason,
        String mechanism,
        Optional<String> explanation,
        int lookups,
        int voids) {

    /// What was checked (RFC 7208 §2.3, §2.4).
    public enum Identity {
        HELO,
        MAILFROM
    }
}
