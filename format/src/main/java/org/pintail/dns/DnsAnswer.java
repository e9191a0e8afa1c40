package org.pintail.dns;

import java.time.Duration;
import java.util.List;

/// What the DNS said.
///
/// @param records empty unless the outcome is FOUND
/// @param canonicalName the name that was asked, or where its CNAMEs led; lower case, without its final dot
/// @param ttl how long the answer may be remembered
/// @param authenticated DNSSEC proved it (for NO_DATA and NXDOMAIN: proved that there is nothing), every CNAME on the way as well
/// @param problem why, when the outcome is TEMPORARY or BOGUS; for logs and comments
public record DnsAnswer<T>(
        Outcome outcome, List<T> records, String canonicalName, Duration ttl, boolean authenticated, String problem) {
    public DnsAnswer {
        records = List.copyOf(records);
        if (outcome == Outcome.FOUND == records.isEmpty()) {
            throw new IllegalArgumentException(outcome + " with " + records.size() + " records");
        }
    }

    /// How a question ended.
    public enum Outcome {
        FOUND,
        /// The name exists and has no record of that type.
        NO_DATA,
        /// The name does not exist.
        NXDOMAIN,
        /// No answer now: time-out, SERVFAIL, REFUSED, a loop of CNAMEs, an answer that cannot be read.
        TEMPORARY,
        /// DNSSEC says that the answer is forged or its zone is broken.
        BOGUS
    }

    public static <T> DnsAnswer<T> found(List<T> records, String canonicalName, Duration ttl, boolean authenticated) {
        return new DnsAnswer<>(Outcome.FOUND, records, canonicalName, ttl, authenticated, "");
    }

    public static <T> DnsAnswer<T> noData(String canonicalName, Duration ttl, boolean authenticated) {
        return new DnsAnswer<>(Outcome.NO_DATA, List.of(), canonicalName, ttl, authenticated, "");
    }

    public static <T> DnsAnswer<T> noSuchName(String canonicalName, Duration ttl, boolean authenticated) {
        return new DnsAnswer<>(Outcome.NXDOMAIN, List.of(), canonicalName, ttl, authenticated, "");
    }

    public static <T> DnsAnswer<T> temporary(String name, String problem) {
        return new DnsAnswer<>(Outcome.TEMPORARY, List.of(), name, Duration.ZERO, false, problem);
    }

    public static <T> DnsAnswer<T> bogus(String name, String problem) {
        return new DnsAnswer<>(Outcome.BOGUS, List.of(), name, Duration.ZERO, false, problem);
    }

    public boolean found() {
        return outcome == Outcome.FOUND;
    }

    /// It is certain that there is nothing: NO_DATA or NXDOMAIN.
    public boolean nothing() {
        return outcome == Outcome.NO_DATA || outcome == Outcome.NXDOMAIN;
    }

    /// Nobody knows: TEMPORARY or BOGUS.
    public boolean failed() {
        return outcome == Outcome.TEMPORARY || outcome == Outcome.BOGUS;
    }
}
