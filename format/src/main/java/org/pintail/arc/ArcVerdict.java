package org.pintail.arc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.authres.AuthenticationResults;

/// How a chain came out.
///
/// @param reason why it fails, "" otherwise
/// @param rule of policy that made it fail (`weak-key`), null for none
/// @param instances the highest `i=` seen
/// @param links oldest first; empty when the chain has no order
/// @param closed the newest seal says `cv=fail`: nobody may add to it (RFC 8617 §5.1)
public record ArcVerdict(Status status, String reason, @Nullable String rule, int instances, List<Link> links, boolean closed) {
    public ArcVerdict {
        links = List.copyOf(links);
    }

    public enum Status {
        NONE,
        PASS,
        FAIL,
        /// The DNS did not answer. RFC 8617 knows no such result; nothing is sealed on it.
        TEMPERROR;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a sealer said it had found.
    public record Link(int instance, String sealer, Optional<AuthenticationResults> results) {
        public Optional<AuthenticationResults.Row> row(String method) {
            return results.stream().flatMap(r -> r.rows().stream()).filter(r -> r.method().equals(method)).findFirst();
        }
    }

    /// What the newest sealer found.
    public Optional<Link> newest() {
        return links.isEmpty() ? Optional.empty() : Optional.of(links.getLast());
    }

    /// Did a trusted host see the message pass DMARC, and only trusted hosts since? An untrusted one might have made up what is below it.
    public boolean vouched(Set<String> trusted) {
        if (status != Status.PASS) {
            return false;
        }
        for (var link : links.reversed()) {
            if (!trusted.contains(link.sealer)) {
                return false;
            }
            if (link.row("dmarc").filter(r -> r.result().equals("pass")).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
