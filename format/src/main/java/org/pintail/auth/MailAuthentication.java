package org.pintail.auth;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.pintail.address.DomainName;
import org.pintail.arc.ArcVerdict;
import org.pintail.arc.ArcVerifier;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.BodyHash;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.DkimVerifier;
import org.pintail.dkim.MessageScan;
import org.pintail.dmarc.Dmarc;
import org.pintail.dns.Dns;
import org.pintail.header.Headers;
import org.pintail.mime.Source;
import org.pintail.spf.Spf;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfResult;
import org.pintail.spf.SpfVerdict;

/// Judges received messages. The body is read once.
public final class MailAuthentication {
    private final Dns dns;
    private final AuthSettings settings;
    private final InstantSource clock;
    private final IntSupplier percent;

    /// @param percent a random number from 0 to 99, for the `pct` of DMARC
    public MailAuthentication(Dns dns, AuthSettings settings, InstantSource clock, IntSupplier percent) {
        this.dns = dns;
        this.settings = settings;
        this.clock = clock;
        this.percent = percent;
    }

    public AuthSettings settings() {
        return settings;
    }

    /// By the clock that signatures are judged by.
    public Instant now() {
        return clock.instant();
    }

    /// `message` as it came, before any field was added. Throws only what reading it throws.
    public AuthReport check(SpfClient client, String mailFrom, Source message) throws IOException {
        var bounded = new BoundedDns(dns, clock, settings.questions(), settings.time());
        var dkim = new DkimVerifier(bounded, settings.dkim(), clock);
        var arc = new ArcVerifier(bounded, settings.dkim());
        var scan = MessageScan.of(message, settings.dkim(), headers -> wanted(headers, dkim, arc));
        var spf = new Spf(bounded, settings.spf(), clock);
        var sender = isLocal(client) ? notAssessed(client, mailFrom) : spf.mailFrom(client, mailFrom);
        var helo = mailFrom.isEmpty() || isLocal(client) ? Optional.<SpfVerdict>empty() : Optional.of(spf.helo(client));
        var signatures = dkim.verify(scan);
        var chain = arc.verify(scan);
        var dmarc = new Dmarc(bounded, settings.treeWalk(), percent).evaluate(scan.headers(), proved(sender, signatures));
        int ignored = scan.headers().all("dkim-signature").size() - signatures.size();
        var rows = ResultRows.of(sender, mailFrom.isEmpty(), helo, client, signatures, chain, dmarc, scan.tooLarge());
        var results = new AuthenticationResults(settings.authservId(), rows);
        return new AuthReport(sender, helo, signatures, ignored, chain, dmarc, vouched(chain), scan, results);
    }

    private static Collection<BodyHash.Kind> wanted(Headers headers, DkimVerifier dkim, ArcVerifier arc) {
        var kinds = new ArrayList<>(dkim.wanted(headers));
        kinds.addAll(arc.wanted(headers));
        return kinds;
    }

    private boolean vouched(ArcVerdict chain) {
        return chain.vouched(settings.trustedSealers());
    }

    /// A private address says nothing about who sent the message into the network it belongs to.
    private static boolean isLocal(SpfClient client) {
        var address = client.address();
        boolean uniqueLocal = address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc; // RFC 4193
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || address.isLinkLocalAddress() || uniqueLocal;
    }

    private static SpfVerdict notAssessed(SpfClient client, String mailFrom) {
        var sender = mailFrom.isEmpty() ? "postmaster@" + client.helo() : mailFrom;
        var domain = DomainName.ascii(sender.substring(sender.lastIndexOf('@') + 1));
        return new SpfVerdict(
                SpfResult.SOFTFAIL, SpfVerdict.Identity.MAILFROM, domain, sender, "cannot assess local addresses", "", Optional.empty(), 0, 0);
    }

    private static Dmarc.Proved proved(SpfVerdict spf, List<DkimResult> signatures) {
        var passed = spf.result() == SpfResult.PASS ? Optional.of(spf.domain()) : Optional.<String>empty();
        return new Dmarc.Proved(passed, signatures.stream().filter(DkimResult::passes).map(DkimResult::domain).distinct().toList());
    }
}
