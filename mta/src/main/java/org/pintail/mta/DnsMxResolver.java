package org.pintail.mta;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.pintail.address.MailAddress;
import org.pintail.smtp.SmtpReply;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/// Asks the DNS: MX by preference, equal ones shuffled; without MX the domain itself (RFC 5321 §5.1); a null MX refuses (RFC 7505).
final class DnsMxResolver implements MxResolver {
    private static final int MAX_ADDRESSES = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private final LookupSession session;

    /// `servers`: `ip` or `ip:port`; empty takes the system's.
    DnsMxResolver(List<String> servers) {
        try {
            var resolver = servers.isEmpty() ? new ExtendedResolver() : new ExtendedResolver(resolvers(servers));
            resolver.setTimeout(TIMEOUT);
            this.session = LookupSession.defaultBuilder().resolver(resolver).build();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("dns.servers: expected addresses of resolvers, found " + servers, e);
        }
    }

    private static List<Resolver> resolvers(List<String> servers) throws UnknownHostException {
        var resolvers = new ArrayList<Resolver>();
        for (var server : servers) {
            int colon = server.lastIndexOf(':');
            boolean port = colon > 0 && server.indexOf(':') == colon;
            resolvers.add(
                    port
                            ? new SimpleResolver(new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))))
                            : new SimpleResolver(server));
        }
        return resolvers;
    }

    @Override
    public List<Host> hosts(String domain) {
        if (domain.startsWith("[")) {
            return List.of(literal(domain));
        }
        var name = name(new MailAddress("x", domain).asciiDomain());
        var mx = new ArrayList<MXRecord>();
        for (var record : lookup(name, Type.MX, true)) {
            if (record instanceof MXRecord m) {
                mx.add(m);
            }
        }
        if (mx.size() == 1 && mx.getFirst().getTarget().equals(Name.root)) {
            throw refused(556, "5.1.10", "The domain " + domain + " does not accept mail");
        }
        var targets = new ArrayList<Name>();
        if (mx.isEmpty()) {
            targets.add(name);
        }
        Collections.shuffle(mx);
        mx.sort(Comparator.comparingInt(MXRecord::getPriority));
        mx.forEach(m -> targets.add(m.getTarget()));
        return addresses(domain, targets);
    }

    private List<Host> addresses(String domain, List<Name> targets) {
        var hosts = new ArrayList<Host>();
        int count = 0;
        for (var target : targets) {
            var addresses = new ArrayList<InetAddress>();
            for (var record : lookup(target, Type.A, true)) {
                if (record instanceof ARecord a) {
                    addresses.add(a.getAddress());
                }
            }
            for (var record : lookup(target, Type.AAAA, true)) {
                if (record instanceof AAAARecord a) {
                    addresses.add(a.getAddress());
                }
            }
            if (!addresses.isEmpty() && count < MAX_ADDRESSES) {
                hosts.add(new Host(target.toString(true), addresses));
                count += addresses.size();
            }
        }
        if (hosts.isEmpty()) {
            throw refused(550, "5.1.2", "The domain " + domain + " has no mail server");
        }
        return hosts;
    }

    private static Host literal(String domain) {
        var inside = domain.substring(1, domain.length() - 1).replaceFirst("(?i)^ipv6:", "");
        try {
            return new Host(inside, List.of(InetAddress.getByName(inside)));
        } catch (UnknownHostException e) {
            throw refused(550, "5.1.2", domain + " is no address");
        }
    }

    private static Name name(String domain) {
        try {
            return Name.fromString(domain + ".");
        } catch (TextParseException e) {
            throw refused(550, "5.1.2", domain + " is no domain name");
        }
    }

    private List<Record> lookup(Name name, int type, boolean missingAllowed) {
        try {
            return session.lookupAsync(name, type, DClass.IN).toCompletableFuture().join().getRecords();
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                case NoSuchRRSetException _ -> List.of();
                case NoSuchDomainException _ when missingAllowed && type != Type.MX -> List.of();
                case NoSuchDomainException _ -> throw refused(550, "5.1.2", "The domain " + name.toString(true) + " does not exist");
                case IOException io -> throw refused(451, "4.4.3", "The DNS did not answer for " + name.toString(true) + ": " + io.getMessage());
                case null, default -> throw refused(451, "4.4.3", "The DNS failed for " + name.toString(true));
            };
        }
    }

    private static SmtpReply.Refused refused(int code, String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(code, status, text));
    }
}
