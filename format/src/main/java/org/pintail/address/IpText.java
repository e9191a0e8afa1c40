package org.pintail.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// IP addresses as text, read without ever asking a resolver.
public final class IpText {
    private IpText() {}

    /// Either family; an IPv4 address mapped into IPv6 comes back as IPv4 (RFC 7208 §5).
    public static Optional<InetAddress> parse(String text) {
        return v4(text).or(() -> v6(text).map(IpText::unmapped));
    }

    private static InetAddress unmapped(InetAddress address) {
        var bytes = address.getAddress();
        for (int i = 0; i < 12; i++) {
            if (bytes[i] != (i < 10 ? 0 : -1)) {
                return address;
            }
        }
        return address(Arrays.copyOfRange(bytes, 12, 16));
    }

    /// RFC 5952: lower case, the longest run of zeros as "::".
    public static String show(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int from = 8;
        int to = 8;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && bytes[2 * end] == 0 && bytes[2 * end + 1] == 0) {
                end++;
            }
            if (end - i > Math.max(1, to - from)) {
                from = i;
                to = end;
            }
        }
        return groups(bytes, 0, from) + (from < 8 ? "::" : "") + groups(bytes, to, 8);
    }

    private static String groups(byte[] bytes, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Integer.toHexString((bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff))
                .collect(Collectors.joining(":"));
    }

    ///     ip4-network = qnum "." qnum "." qnum "." qnum
    ///     qnum        = "0" … "255", no leading zero
    public static Optional<InetAddress> v4(String text) {
        var bytes = new byte[4];
        var parts = text.split("\\.", 5);
        if (parts.length != 4) {
            return Optional.empty();
        }
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 255);
            if (value < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) value;
        }
        return Optional.of(address(bytes));
    }

    /// RFC 4291 §2.2.
    public static Optional<InetAddress> v6(String text) {
        if (text.indexOf(':') < 0 || text.length() > 45 || !text.chars().allMatch(IpText::ofV6)) {
            return Optional.empty();
        }
        try {
            var bytes = InetAddress.getByName(text).getAddress(); // a colon in it: read as a literal, never looked up
            // ::ffff:a.b.c.d comes back as 4 bytes; no client is of that network, because mapped addresses count as IPv4
            var mapped = new byte[16];
            mapped[10] = mapped[11] = -1;
            System.arraycopy(bytes, 0, mapped, 16 - bytes.length, bytes.length);
            return Optional.of(Inet6Address.getByAddress(null, mapped, -1));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static boolean ofV6(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == ':' || c == '.';
    }

    /// Decimal without leading zeros, at most `most`; -1 when it is none.
    public static int number(String text, int most) {
        if (text.isEmpty() || text.length() > 3 || text.length() > 1 && text.charAt(0) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value <= most ? value : -1;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("4 or 16 bytes make an address", e);
        }
    }

    /// Do both lie in one network of that prefix? False for different families.
    public static boolean sameNetwork(InetAddress a, InetAddress b, int prefix) {
        var x = a.getAddress();
        var y = b.getAddress();
        if (x.length != y.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (x[i] != y[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((x[whole] ^ y[whole]) & 0xff) >> 8 - rest == 0;
    }
}
