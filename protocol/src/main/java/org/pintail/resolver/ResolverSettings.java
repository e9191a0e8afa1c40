package org.pintail.resolver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an operator can set about the DNS.
///
/// @param servers recursive resolvers, `ip` or `ip:port`; empty: the system's
/// @param dnssec who decides that an answer is authentic
/// @param trustAnchors a file of DS or DNSKEY records to validate from; null: the keys of the root
/// @param timeout of one question, with all retries; then it is a temporary error
/// @param concurrency questions on the way at once; more wait, at most as long as the time-out
/// @param cacheBytes that remembered answers may take, roughly
public record ResolverSettings(
        List<String> servers, Dnssec dnssec, @Nullable Path trustAnchors, Duration timeout, int concurrency, long cacheBytes) {
    public ResolverSettings {
        servers = List.copyOf(servers);
    }

    public enum Dnssec {
        /// No answer counts as authenticated.
        OFF,
        /// What the servers say (the AD flag): right when they validate and the way to them is safe, as on the same host.
        RESOLVER,
        /// Every answer is validated here.
        VALIDATE
    }

    public static ResolverSettings of(List<String> servers) {
        return new ResolverSettings(servers, Dnssec.OFF, null, Duration.ofSeconds(10), 256, 16 << 20);
    }
}
