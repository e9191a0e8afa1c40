package org.pintail.mta;

import java.net.InetAddress;
import java.util.List;
import org.pintail.smtp.SmtpReply;

/// Finds the hosts that take mail for a domain.
interface MxResolver {
    /// A host and its addresses, to be tried in order.
    record Host(String name, List<InetAddress> addresses) {
        public Host {
            addresses = List.copyOf(addresses);
        }
    }

    /// Hosts by preference (RFC 5321 §5.1); throws [SmtpReply.Refused], temporary or permanent, when there are none. Blocking.
    List<Host> hosts(String domain);
}
