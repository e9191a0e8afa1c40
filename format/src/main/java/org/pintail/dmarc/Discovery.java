package org.pintail.dmarc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsType;

/// Finds policies and organisational domains for one message; what was found is remembered while it lasts.
final class Discovery {
    private static final int MAX_WALK = 8; // RFC 9989 §4.10
    private final Dns dns;
    private final boolean treeWalk;
    private final Map<String, Optional<DmarcRecord>> records = new HashMap<>();
    private final Map<String, Walk> walks = new HashMap<>();

    Discovery(Dns dns, boolean treeWalk) {
        this.dns = dns;
        this.treeWalk = treeWalk;
    }

    /// Nobody knows whether there is a policy.
    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown(String message) {
            super(message, null, false, false);
        }
    }

    /// The policy that governs mail from `domain`: its own, else that of its organisational domain.
    Optional<DmarcVerdict.Published> policy(String domain) {
        var own = record(domain);
        if (own.isPresent()) {
            return own.map(r -> new DmarcVerdict.Published(domain, r));
        }
        if (treeWalk) {
            var walk = walk(domain);
            return walk.policyDomain == null ? Optional.empty() : published(walk.policyDomain);
        }
        var organizational = PublicSuffixes.organizationalDomain(domain);
        return organizational.equals(domain) ? Optional.empty() : published(organizational);
    }

    private Optional<DmarcVerdict.Published> published(String domain) {
        return record(domain).map(r -> new DmarcVerdict.Published(domain, r));
    }

    String organizationalDomain(String domain) {
        return treeWalk ? walk(domain).organizational : PublicSuffixes.organizationalDomain(domain);
    }

    /// The only valid record there; several count as none (RFC 7489 §6.6.3, RFC 9989 §4.10).
    private Optional<DmarcRecord> record(String domain) {
        return records.computeIfAbsent(domain, this::ask);
    }

    private Optional<DmarcRecord> ask(String domain) {
        var answer = dns.ask("_dmarc." + domain, DnsType.TXT);
        if (answer.failed()) {
            throw new Unknown("DNS failure for _dmarc." + domain + ": " + answer.problem());
        }
        var found = answer.records().stream().filter(t -> t.startsWith("v")).map(DmarcRecord::parse).flatMap(Optional::stream).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /// Where a walk from a domain towards the root ended.
    private record Walk(String organizational, @Nullable String policyDomain) {}

    private Walk walk(String domain) {
        var known = walks.get(domain);
        if (known == null) {
            known = walkUp(domain);
            walks.put(domain, known);
        }
        return known;
    }

    /// RFC 9989 §4.10: the domain itself, then its parents; from more than eight labels straight to seven.
    private Walk walkUp(String domain) {
        var labels = List.of(domain.split("\\."));
        var names = new ArrayList<String>();
        names.add(domain);
        int next = Math.min(labels.size() - 1, MAX_WALK - 1);
        for (int count = next; count >= 1 && names.size() < MAX_WALK; count--) {
            names.add(String.join(".", labels.subList(labels.size() - count, labels.size())));
        }
        @Nullable String shortest = null;
        String previous = domain;
        for (var name : names) {
            var record = record(name);
            if (record.isPresent()) {
                char suffix = record.get().publicSuffix();
                if (suffix == 'n') {
                    return new Walk(name, name);
                }
                if (suffix == 'y' && !name.equals(domain)) {
                    // the registry's own record speaks only when nothing below it does
                    return new Walk(previous, record(previous).isPresent() ? previous : name);
                }
                shortest = name;
            }
            previous = name;
        }
        return new Walk(shortest == null ? domain : shortest, shortest);
    }

    /// RFC 9989 §4.7 `np`: does the DNS know nothing at all of that name?
    boolean missing(String domain) {
        var answer = dns.ask(domain, DnsType.A);
        if (answer.failed()) {
            throw new Unknown("DNS failure for " + domain + ": " + answer.problem());
        }
        return answer.outcome() == org.pintail.dns.DnsAnswer.Outcome.NXDOMAIN;
    }
}
