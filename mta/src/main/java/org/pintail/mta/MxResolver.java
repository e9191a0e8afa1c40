package org.pintail.mta;

import java.net.InetAddress;
import java.util.List;

/// Finds the hosts that take mail for a domain.
interface MxResolver {
    /// A host and its addresses, to be tried in order.
    ///
    /// @param secure DNSSEC proves that mail for the domain goes to this host and that these are its addresses
    /// @param canonical where the host's CNAMEs lead, the name itself when there are none
    record Host(String name, List<InetAddress> addresses, boolean secure, String canonical) {
        public Host {
            addresses = List.copyOf(addresses);
        }

        Host(String name, List<InetAddress> addresses) {
            this(name, addresses, false, name);
        }
    }

    /// Hosts by preference (RFC 5321 §5.1); throws [SmtpReply.Refused], temporary or permanent, when there are none. Blocking.
    List<Host> hosts(String domain);
}
