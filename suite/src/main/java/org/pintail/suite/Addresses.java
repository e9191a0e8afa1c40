package org.pintail.suite;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/// Socket addresses as people write them.
final class Addresses {
    private Addresses() {}

    static String show(InetSocketAddress address) {
        var ip = address.getAddress();
        if (ip == null) {
            return address.getHostString() + ":" + address.getPort();
        }
        var host = ip instanceof Inet6Address ? "[" + ip.getHostAddress() + "]" : ip.getHostAddress();
        return host + ":" + address.getPort();
    }
}
