package org.pintail.dmarc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.pintail.address.DomainName;
import org.pintail.dns.Dns;
import org.pintail.header.HeaderAddress;
import org.pintail.header.Headers;

/// Judges a message: does a domain that SPF or DKIM proved agree with the one in From? RFC 7489 §6.6. Never throws on what a message holds.
public final class Dmarc {
    private static final int MAX_AUTHORS = 5;
    private final Dns dns;
    private final boolean treeWalk;
    private final IntSupplier percent;

    /// @param treeWalk find organisational domains as RFC 9989 does, instead of by the public suffix list
    /// @param percent a random number from 0 to 99, for `pct`
    public Dmarc(Dns dns, boolean treeWalk, IntSupplier percent) {
        this.dns = dns;
        this.treeWalk = treeWalk;
        this.percent = percent;
    }

    /// What was proved: the domain SPF passed for (if it did), and the domains of signatures that passed. In ASCII form.
    public record Proved(Optional<String> spf, List<String> dkim) {
        public Proved {
            dkim = List.copyOf(dkim);
        }
    }

    /// Domains of everybody in every From field, in ASCII form.
    public static Set<String> authors(Headers headers) {
        var domains = new LinkedHashSet<String>();
        for (var field : headers.all("from")) {
            for (var mailbox : HeaderAddress.mailboxes(field.value())) {
                domains.add(DomainName.ascii(mailbox.domain()));
            }
        }
        return domains;
    }

    /// Of several authors each is judged, and the one that fails with the strictest policy decides (RFC 7489 §6.6.1).
    public DmarcVerdict evaluate(Headers headers, Proved proved) {
        var authors = authors(headers);
        if (authors.isEmpty()) {
            return error(DmarcVerdict.Result.PERMERROR, "", "no address in From");
        }
        if (authors.size() > MAX_AUTHORS) {
            return error(DmarcVerdict.Result.PERMERROR, "", "more than " + MAX_AUTHORS + " domains in From");
        }
        var discovery = new Discovery(dns, treeWalk);
        return authors.stream().map(from -> evaluate(from, proved, discovery)).reduce(Dmarc::decisive).orElseThrow();
    }

    private static DmarcVerdict decisive(DmarcVerdict a, DmarcVerdict b) {
        if (a.requested() != b.requested()) {
            return a.requested().compareTo(b.requested()) > 0 ? a : b;
        }
        return severity(b) > severity(a) ? b : a;
    }

    private static int severity(DmarcVerdict verdict) {
        return switch (verdict.result()) {
            case PASS -> 0;
            case NONE -> 1;
            case TEMPERROR -> 2;
            case PERMERROR -> 3;
            case FAIL -> 4;
        };
    }

    private DmarcVerdict evaluate(String from, Proved proved, Discovery discovery) {
        if (!DomainName.isValid(from)) {
            return error(DmarcVerdict.Result.PERMERROR, from, "no domain in From");
        }
        try {
            var published = discovery.policy(from);
            return published.isEmpty()
                    ? error(DmarcVerdict.Result.NONE, from, "")
                    : judge(from, published.get(), proved, discovery);
        } catch (Discovery.Unknown e) {
            return error(DmarcVerdict.Result.TEMPERROR, from, String.valueOf(e.getMessage()));
        }
    }

    private DmarcVerdict judge(String from, DmarcVerdict.Published published, Proved proved, Discovery discovery) {
        var record = published.record();
        boolean spf = proved.spf().filter(d -> aligned(d, from, record.strictSpf(), discovery)).isPresent();
        boolean dkim = proved.dkim().stream().anyMatch(d -> aligned(d, from, record.strictDkim(), discovery));
        if (spf || dkim) {
            return new DmarcVerdict(
                    DmarcVerdict.Result.PASS, from, Optional.of(published), spf, dkim, DmarcPolicy.NONE, DmarcPolicy.NONE, "");
        }
        var requested = requested(from, published, discovery);
        boolean spared = record.percent() < 100 && percent.getAsInt() >= record.percent();
        var applied = record.testing() || spared ? requested.milder() : requested;
        return new DmarcVerdict(DmarcVerdict.Result.FAIL, from, Optional.of(published), false, false, requested, applied, "");
    }

    private static DmarcPolicy requested(String from, DmarcVerdict.Published published, Discovery discovery) {
        var record = published.record();
        if (published.domain().equals(from)) {
            return record.policy();
        }
        var subdomains = record.subdomains().orElse(record.policy());
        return record.nonexistent().isPresent() && discovery.missing(from) ? record.nonexistent().get() : subdomains;
    }

    /// RFC 7489 §3.1.
    private static boolean aligned(String proved, String from, boolean strict, Discovery discovery) {
        if (proved.equals(from)) {
            return true;
        }
        if (strict) {
            return false;
        }
        var organizational = discovery.organizationalDomain(from);
        return DomainName.isAtOrBelow(proved, organizational) && discovery.organizationalDomain(proved).equals(organizational);
    }

    private static DmarcVerdict error(DmarcVerdict.Result result, String from, String comment) {
        return new DmarcVerdict(result, from, Optional.empty(), false, false, DmarcPolicy.NONE, DmarcPolicy.NONE, comment);
    }
}
