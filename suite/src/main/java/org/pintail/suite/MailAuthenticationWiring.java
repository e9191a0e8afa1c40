package org.pintail.suite;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.address.IpNetwork;
import org.pintail.auth.AuthSettings;
import org.pintail.auth.MailAuthentication;
import org.pintail.dkim.DkimLimits;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dns.Dns;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.DmarcResults;
import org.pintail.mx.BimiIndicators;
import org.pintail.mx.MxAuthentication;
import org.pintail.resolver.DnsResolver;
import org.pintail.resolver.ResolverSettings;
import org.pintail.spf.SpfLimits;

/// The resolver and what judges mail by it, from the sections `dns` and `auth`.
final class MailAuthenticationWiring {
    private static final int QUESTIONS_OF_A_MESSAGE = 300;
    private static final Duration TIME_OF_A_MESSAGE = Duration.ofSeconds(30);

    private MailAuthenticationWiring() {}

    static DnsResolver resolver(Config config) {
        var d = ResolverSettings.of(config.texts("dns.servers"));
        var anchors = config.text("dns.trust-anchors");
        var dnssec = ResolverSettings.Dnssec.valueOf(config.text("dns.dnssec").toUpperCase(Locale.ROOT));
        try {
            return new DnsResolver(new ResolverSettings(
                    d.servers(), dnssec, anchors.isEmpty() ? null : Path.of(anchors), config.duration("dns.timeout"), d.concurrency(), d.cacheBytes()));
        } catch (IllegalArgumentException e) {
            throw new ConfigError(String.valueOf(e.getMessage()));
        }
    }

    static MailAuthentication authentication(Config config, String hostname, Dns dns, InstantSource clock) {
        var settings = new AuthSettings(
                hostname,
                SpfLimits.RFC.withLookups(config.count("auth.spf-lookups")),
                DkimLimits.DEFAULT,
                config.text("auth.organizational-domain").equals("tree-walk"),
                new HashSet<>(config.texts("auth.trusted-sealers")),
                QUESTIONS_OF_A_MESSAGE,
                TIME_OF_A_MESSAGE);
        var random = new SecureRandom();
        return new MailAuthentication(dns, settings, clock, () -> random.nextInt(100));
    }

    /// What the MX shares with others.
    record AtMx(DkimKeys keys, DmarcResults results, @Nullable BimiIndicators indicators, InstantSource clock) {}

    static MxAuthentication atMx(Config config, String hostname, Dns dns, AtMx with) {
        var exempt = new ArrayList<IpNetwork>();
        for (var text : config.texts("auth.exempt")) {
            exempt.add(IpNetwork.parse(text)
                    .orElseThrow(() -> new ConfigError("auth.exempt = \"" + text + "\": expected an address or a network such as 192.0.2.0/24")));
        }
        var settings = new MxAuthentication.Settings(
                hostname, config.yes("auth.verify"), exempt, policy(config.text("auth.dmarc-failure")), policy(config.text("auth.spf-failure")));
        return new MxAuthentication(authentication(config, hostname, dns, with.clock()), settings, with.keys(), with.results(), with.indicators());
    }

    private static DmarcPolicy policy(String word) {
        return word.equals("mark") ? DmarcPolicy.NONE : DmarcPolicy.of(word).orElseThrow();
    }
}
