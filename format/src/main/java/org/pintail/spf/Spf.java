package org.pintail.spf;

import java.time.InstantSource;
import org.pintail.address.DomainName;
import org.pintail.dns.Dns;

/// Checks whether a host may send mail for a domain. Blocking as far as the [Dns] is; never throws on what a sender says or publishes.
public final class Spf {
    private final Dns dns;
    private final SpfLimits limits;
    private final InstantSource clock;

    public Spf(Dns dns, SpfLimits limits, InstantSource clock) {
        this.dns = dns;
        this.limits = limits;
        this.clock = clock;
    }

    /// RFC 7208 §2.4. A null reverse-path stands for `postmaster@` the HELO name.
    public SpfVerdict mailFrom(SpfClient client, String reversePath) {
        return reversePath.isEmpty()
                ? check(client, SpfVerdict.Identity.MAILFROM, "postmaster@" + client.helo())
                : check(client, SpfVerdict.Identity.MAILFROM, withLocalPart(reversePath));
    }

    /// RFC 7208 §2.3.
    public SpfVerdict helo(SpfClient client) {
        return check(client, SpfVerdict.Identity.HELO, "postmaster@" + client.helo());
    }

    /// RFC 7208 §4.3: without a local part, `postmaster`.
    private static String withLocalPart(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? "postmaster@" + address : at == 0 ? "postmaster" + address : address;
    }

    private SpfVerdict check(SpfClient client, SpfVerdict.Identity identity, String sender) {
        var domain = DomainName.ascii(sender.substring(sender.lastIndexOf('@') + 1));
        return new SpfEvaluation(dns, limits, clock, client, identity, sender, domain).run();
    }
}
