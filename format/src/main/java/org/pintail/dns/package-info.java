/// What the rest asks the Domain Name System, as an interface without I/O: [org.pintail.dns.Dns] answers [org.pintail.dns.DnsType]
/// questions with a [org.pintail.dns.DnsAnswer], whose outcome tells "there is nothing" from "nobody knows". The resolver that goes to
/// the network is `org.pintail.resolver`; tests answer from a table.
@NullMarked
package org.pintail.dns;

import org.jspecify.annotations.NullMarked;
