package org.pintail.mta;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an operator can set about sending.
///
/// @param hostname in EHLO, Received and DSNs
/// @param route `host:port` that takes everything instead of the MX hosts; null: MX
/// @param retries waits between attempts; after the last one a temporary failure is final
/// @param connections deliveries at once
/// @param perDomain deliveries at once to one domain
/// @param maxSize bytes of a submitted message
/// @param maxRecipients of one message
/// @param smtpPort port of MX hosts, 25 but for tests
public record MtaSettings(
        String hostname,
        @Nullable String route,
        List<Duration> retries,
        int connections,
        int perDomain,
        long maxSize,
        int maxRecipients,
        int smtpPort) {
    public MtaSettings {
        retries = List.copyOf(retries);
    }
}
