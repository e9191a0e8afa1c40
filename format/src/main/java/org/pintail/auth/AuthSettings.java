package org.pintail.auth;

import java.time.Duration;
import java.util.Set;
import org.pintail.dkim.DkimLimits;
import org.pintail.spf.SpfLimits;

/// How mail is judged.
///
/// @param authservId the name this host speaks under (RFC 8601 §2.5)
/// @param treeWalk organisational domains by RFC 9989's walk instead of the public suffix list
/// @param trustedSealers domains whose ARC seals may stand for a DMARC pass
/// @param questions to the DNS that one message may cause; what is asked beyond them stays unanswered, a temporary error
/// @param time that all questions of one message may take; then the same
public record AuthSettings(
        String authservId, SpfLimits spf, DkimLimits dkim, boolean treeWalk, Set<String> trustedSealers, int questions, Duration time) {
    public AuthSettings {
        trustedSealers = Set.copyOf(trustedSealers);
    }

    public static AuthSettings defaults(String authservId) {
        return new AuthSettings(authservId, SpfLimits.RFC, DkimLimits.DEFAULT, false, Set.of(), 300, Duration.ofSeconds(30));
    }
}
