package org.pintail.mta;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.certificate.PkixCheck;
import org.pintail.certificate.TlsaCheck;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.pintail.dns.TlsaRecord;
import org.pintail.mtasts.StsPolicy;
import org.pintail.smtp.SmtpReply;
import org.pintail.tlsrpt.TlsReport;

/// Says how the connection to each host of a domain must be secured: DANE (RFC 7672) where DNSSEC proves it, else MTA-STS (RFC 8461), else
/// TLS where it is offered. Everything that keeps mail from a host is temporary. Blocking.
final class TransportSecurity {
    private final Dns dns;
    private final Settings settings;
    private final @Nullable StsPolicies sts;
    private final TlsResults results;
    private final Clock clock;

    /// @param dane ask for TLSA records
    /// @param authorities who signs certificates of MX hosts under MTA-STS
    record Settings(boolean dane, X509TrustManager authorities) {}

    TransportSecurity(Dns dns, Settings settings, @Nullable StsPolicies sts, TlsResults results, Clock clock) {
        this.dns = dns;
        this.settings = settings;
        this.sts = sts;
        this.results = results;
        this.clock = clock;
    }

    /// What is found for one host: how to connect, or why it gets nothing for now.
    sealed interface Verdict {}

    record Connect(Security security, String serverName) implements Verdict {}

    record Withhold(SmtpReply reply) implements Verdict {}

    /// The promise of a domain, asked for once per delivery; null where there is none or it cannot be found.
    @Nullable StsPolicy promise(String domain) {
        var ascii = new MailAddress("x", domain).asciiDomain();
        if (sts == null || domain.startsWith("[")) {
            return null;
        }
        return switch (sts.find(ascii)) {
            case StsPolicies.Found found -> found.policy().mode() == StsPolicy.Mode.NONE ? null : found.policy();
            case StsPolicies.None _ -> null;
            case StsPolicies.Unusable problem -> {
                var policy = new TlsReport.Policy("sts", List.of(), ascii, List.of());
                results.failure(policy, new TlsReport.Failure(problem.type(), "", "", "", problem.text(), 1));
                yield null;
            }
        };
    }

    /// `promise` as [#promise] gave it, `port` of the SMTP service.
    Verdict of(String domain, @Nullable StsPolicy promise, MxResolver.Host host, int port) {
        var ascii = new MailAddress("x", domain).asciiDomain();
        if (settings.dane() && host.secure()) {
            var base = new LinkedHashSet<>(List.of(host.canonical(), host.name())); // RFC 7672 §2.2.2: where CNAMEs lead goes first
            for (var name : base) {
                var answer = dns.ask("_" + port + "._tcp." + name, DnsType.TLSA);
                if (answer.failed()) {
                    return undecided(ascii, host, answer);
                }
                if (answer.found() && answer.authenticated()) {
                    return new Connect(dane(ascii, host, name, answer.records()), name);
                }
            }
        }
        return promise == null ? new Connect(Security.opportunistic(ascii), host.name()) : sts(ascii, promise, host);
    }

    /// RFC 7672 §2.2: records that cannot be had may be there, so this host is left out; others may be better.
    private Verdict undecided(String domain, MxResolver.Host host, DnsAnswer<TlsaRecord> answer) {
        var policy = new TlsReport.Policy("tlsa", List.of(), domain, List.of(host.name()));
        results.failure(policy, new TlsReport.Failure("dnssec-invalid", "", host.name(), "", answer.problem(), 1));
        return new Withhold(new SmtpReply(451, "4.7.5", "TLSA records of " + host.name() + " cannot be had: " + answer.problem()));
    }

    private Security dane(String domain, MxResolver.Host host, String base, List<TlsaRecord> records) {
        var usable = TlsaCheck.usable(records);
        var text = records.stream().map(r -> r.usage() + " " + r.selector() + " " + r.matching() + " " + r.data()).toList();
        var names = new ArrayList<>(new LinkedHashSet<>(List.of(base, host.name(), domain))); // RFC 7672 §3.2.3
        var policy = new TlsReport.Policy("tlsa", text, domain, List.of(host.name()));
        return new Security(policy, true, usable.isEmpty() ? null : new TlsaCheck(usable, names, clock));
    }

    private Verdict sts(String domain, StsPolicy promise, MxResolver.Host host) {
        var lines = promise.text().lines().toList();
        var policy = new TlsReport.Policy("sts", lines, domain, promise.mx());
        boolean enforced = promise.mode() == StsPolicy.Mode.ENFORCE;
        if (!promise.covers(host.name())) {
            var problem = host.name() + " is not among the hosts that the MTA-STS policy of " + domain + " names";
            results.failure(policy, new TlsReport.Failure("validation-failure", "", host.name(), "", problem, 1));
            if (enforced) {
                return new Withhold(new SmtpReply(451, "4.7.5", problem));
            }
        }
        return new Connect(new Security(policy, enforced, new PkixCheck(host.name(), settings.authorities())), host.name());
    }
}
