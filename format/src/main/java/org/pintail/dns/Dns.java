package org.pintail.dns;

import java.net.InetAddress;

/// Answers questions to the Domain Name System. The one boundary between the rules of mail authentication, which are pure, and the
/// network. An implementation may block; it never throws, follows CNAMEs, bounds time and size of what it takes in, and says
/// [DnsAnswer.Outcome#TEMPORARY] whenever it does not know.
public interface Dns {
    /// `name` in ASCII form (A-labels), with or without its final dot, in any case. What is no domain name (an empty label, one of more
    /// than 63 octets, more than 253 in all) does not exist.
    <T> DnsAnswer<T> ask(String name, DnsType<T> type);

    /// Names of an address (`in-addr.arpa`, `ip6.arpa`).
    default DnsAnswer<String> reverse(InetAddress address) {
        return ask(ReverseName.of(address), DnsType.PTR);
    }
}
