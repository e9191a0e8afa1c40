package org.pintail.mta;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.pintail.dns.MxRecord;
import org.pintail.smtp.SmtpReply;

/// Asks the DNS: MX by preference, equal ones shuffled; without MX the domain itself (RFC 5321 §5.1); a null MX refuses (RFC 7505).
final class DnsMxResolver implements MxResolver {
    private static final int MAX_ADDRESSES = 20;
    private final Dns dns;

    DnsMxResolver(Dns dns) {
        this.dns = dns;
    }

    @Override
    public List<Host> hosts(String domain) {
        if (domain.startsWith("[")) {
            return List.of(literal(domain));
        }
        var name = new MailAddress("x", domain).asciiDomain();
        var answer = dns.ask(name, DnsType.MX);
        if (answer.failed()) {
            throw unknown(name, answer);
        }
        if (answer.outcome() == DnsAnswer.Outcome.NXDOMAIN) {
            throw refused(550, "5.1.2", "The domain " + domain + " does not exist");
        }
        var mx = new ArrayList<>(answer.records());
        if (mx.size() == 1 && mx.getFirst().host().isEmpty()) {
            throw refused(556, "5.1.10", "The domain " + domain + " does not accept mail");
        }
        Collections.shuffle(mx);
        mx.sort(Comparator.comparingInt(MxRecord::preference));
        var targets = mx.isEmpty() ? List.of(name) : mx.stream().map(MxRecord::host).toList();
        return addresses(domain, targets, answer.authenticated());
    }

    /// A host whose addresses cannot be found now does not keep the others from being tried.
    private List<Host> addresses(String domain, List<String> targets, boolean secure) {
        var hosts = new ArrayList<Host>();
        SmtpReply.@Nullable Refused problem = null;
        int count = 0;
        for (var target : targets) {
            var v4 = dns.ask(target, DnsType.A);
            var v6 = dns.ask(target, DnsType.AAAA);
            var addresses = new ArrayList<InetAddress>(v4.records());
            addresses.addAll(v6.records());
            if (addresses.isEmpty() && (v4.failed() || v6.failed())) {
                problem = unknown(target, v4.failed() ? v4 : v6);
            }
            if (!addresses.isEmpty() && count < MAX_ADDRESSES) {
                hosts.add(new Host(target, addresses, secure && proved(v4) && proved(v6), (v4.found() ? v4 : v6).canonicalName()));
                count += addresses.size();
            }
        }
        if (!hosts.isEmpty()) {
            return hosts;
        }
        throw problem != null ? problem : refused(550, "5.1.2", "The domain " + domain + " has no mail server");
    }

    /// An answer without addresses proves nothing and harms nothing.
    private static boolean proved(DnsAnswer<InetAddress> answer) {
        return answer.authenticated() || !answer.found();
    }

    private static Host literal(String domain) {
        var inside = domain.substring(1, domain.length() - 1).replaceFirst("(?i)^ipv6:", "");
        try {
            return new Host(inside, List.of(InetAddress.getByName(inside)));
        } catch (UnknownHostException e) {
            throw refused(550, "5.1.2", domain + " is no address");
        }
    }

    private static SmtpReply.Refused unknown(String name, DnsAnswer<?> answer) {
        return answer.outcome() == DnsAnswer.Outcome.BOGUS
                ? refused(451, "4.7.5", "DNSSEC does not prove the answer for " + name + ": " + answer.problem())
                : refused(451, "4.4.3", "The DNS did not answer for " + name + ": " + answer.problem());
    }

    private static SmtpReply.Refused refused(int code, String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(code, status, text));
    }
}
