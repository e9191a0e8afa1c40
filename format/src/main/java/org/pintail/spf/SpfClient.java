package org.pintail.spf;

import java.net.InetAddress;

/// Who sends: the facts of one SMTP connection that SPF speaks of.
///
/// @param address of the client; IPv4 addresses mapped into IPv6 count as IPv4
/// @param helo the argument of HELO or EHLO
/// @param receiver the name of the host that checks (`%{r}`)
public record SpfClient(InetAddress address, String helo, String receiver) {}
