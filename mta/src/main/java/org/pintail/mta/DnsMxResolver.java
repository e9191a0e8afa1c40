package org.pintail.mta;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.pintail.address.DomainName;
import org.pintail.address.IpText;
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
        var name = DomainName.ascii(domain);
        var answer = certain(dns.ask(name, DnsType.MX));
        if (answer.outcome() == DnsAnswer.Outcome.NXDOMAIN) {
            throw refused(550, "5.1.2", "The domain " + domain + " does not exist");
        }
        var mx = new ArrayList<>(answer.records());
        if (mx.size() == 1 && mx.getFirst().host().isEmpty()) {
            throw refused(556, "5.1.10", "The domain " + domain + " does not accept mail");
        }
        Collections.shuffle(mx);
        mx.sort(Comparator.comparingInt(MxRecord::preference));
        return addresses(domain, mx.isEmpty() ? List.of(name) : mx.stream().map(MxRecord::host).toList());
    }

    private List<Host> addresses(String domain, List<String> targets) {
        var hosts = new ArrayList<Host>();
        int count = 0;
        for (var target : targets) {
            if (count >= MAX_ADDRESSES) {
                break;
            }
            var addresses = new ArrayList<InetAddress>(certain(dns.ask(target, DnsType.A)).records());
            addresses.addAll(certain(dns.ask(target, DnsType.AAAA)).records());
            if (!addresses.isEmpty()) {
                hosts.add(new Host(target, addresses));
                count += addresses.size();
            }
        }
        if (hosts.isEmpty()) {
            throw refused(550, "5.1.2", "The domain " + domain + " has no mail server");
        }
        return hosts;
    }

    private static <T> DnsAnswer<T> certain(DnsAnswer<T> answer) {
        if (answer.failed()) {
            throw refused(451, "4.4.3", "The DNS did not answer for " + answer.canonicalName() + ": " + answer.problem());
        }
        return answer;
    }

    private static Host literal(String domain) {
        var inside = domain.substring(1, domain.length() - 1).replaceFirst("(?i)^ipv6:", "");
        return IpText.parse(inside)
                .map(address -> new Host(inside, List.of(address)))
                .orElseThrow(() -> refused(550, "5.1.2", domain + " is no address"));
    }

    private static SmtpReply.Refused refused(int code, String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(code, status, text));
    }
}
