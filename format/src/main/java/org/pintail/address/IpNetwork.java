package org.pintail.address;

import java.net.InetAddress;
import java.util.Optional;

/// A range of addresses: `192.0.2.0/24`, `2001:db8::/32`, or one address.
public record IpNetwork(InetAddress address, int prefix) {
    public static Optional<IpNetwork> parse(String text) {
        int slash = text.indexOf('/');
        var address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = 8 * address.get().getAddress().length;
        int prefix = slash < 0 ? most : IpText.number(text.substring(slash + 1), most);
        return prefix < 0 ? Optional.empty() : Optional.of(new IpNetwork(address.get(), prefix));
    }

    public boolean contains(InetAddress other) {
        return IpText.sameNetwork(address, other, prefix);
    }
}
