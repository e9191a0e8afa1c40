package org.pintail.fetch;

import java.net.InetAddress;

/// Tells addresses of the internet from those that mean something only in our own network (RFC 6890): a stranger must not make this
/// server talk to those.
public final class PublicAddress {
    private PublicAddress() {}

    public static boolean is(InetAddress address) {
        boolean special = address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        var b = address.getAddress();
        return !special && (b.length == 4 ? publicV4(b[0] & 0xff, b[1] & 0xff, b[2] & 0xff) : publicV6(b));
    }

    private static boolean publicV4(int a, int b, int c) {
        boolean carrier = a == 100 && b >= 64 && b < 128; // RFC 6598
        boolean assigned = a == 192 && b == 0 && (c == 0 || c == 2); // RFC 6890, RFC 5737
        boolean relay = a == 192 && b == 88 && c == 99;
        boolean bench = a == 198 && (b == 18 || b == 19); // RFC 2544
        boolean example = a == 198 && b == 51 && c == 100 || a == 203 && b == 0 && c == 113;
        return a != 0 && a < 240 && !carrier && !assigned && !relay && !bench && !example;
    }

    /// Only 2000::/3 is in use; within it, 6to4, Teredo and documentation lead elsewhere.
    private static boolean publicV6(byte[] b) {
        int first = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int second = (b[2] & 0xff) << 8 | b[3] & 0xff;
        boolean global = (b[0] & 0xe0) == 0x20;
        boolean special = first == 0x2002 || first == 0x2001 && (second == 0xdb8 || second < 0x200) || first == 0x3fff;
        return global && !special;
    }
}
