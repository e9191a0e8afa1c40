package org.pintail.dns;

import java.net.InetAddress;
import java.util.Locale;

/// The name under which the names of an address are found: RFC 1035 §3.5, RFC 3596 §2.5.
final class ReverseName {
    private ReverseName() {}

    static String of(InetAddress address) {
        var bytes = address.getAddress();
        var name = new StringBuilder(80);
        for (int i = bytes.length - 1; i >= 0; i--) {
            int b = bytes[i] & 0xff;
            if (bytes.length == 4) {
                name.append(b).append('.');
            } else {
                name.append(String.format(Locale.ROOT, "%x.%x.", b & 15, b >> 4));
            }
        }
        return name.append(bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
