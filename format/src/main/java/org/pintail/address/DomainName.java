package org.pintail.address;

import java.net.IDN;
import java.util.Locale;

/// The one form of a domain name that names are compared and asked in.
public final class DomainName {
    private static final int MAX = 253;

    private DomainName() {}

    /// A-labels (RFC 5890), lower case, without a final dot. What is no domain name comes back as it is, in lower case.
    public static String ascii(String domain) {
        var bare = (domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain).toLowerCase(Locale.ROOT);
        if (bare.length() > MAX || bare.chars().allMatch(c -> c < 0x80)) {
            return bare;
        }
        try {
            return IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return bare; // no valid IDN
        }
    }

    /// Labels of 1 to 63 letters, digits, `-` or `_`, at most 253 characters.
    public static boolean isValid(String ascii) {
        int start = 0;
        for (int i = 0; i <= ascii.length(); i++) {
            char c = i < ascii.length() ? ascii.charAt(i) : '.';
            if (c == '.') {
                if (i == start || i - start > 63) {
                    return false;
                }
                start = i + 1;
            } else if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                return false;
            }
        }
        return ascii.length() <= MAX;
    }

    /// Is `name` equal to `domain`, or a name below it? Both in ASCII form.
    public static boolean isAtOrBelow(String name, String domain) {
        return name.endsWith(domain) && (name.length() == domain.length() || name.charAt(name.length() - domain.length() - 1) == '.');
    }
}
