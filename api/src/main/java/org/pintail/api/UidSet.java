package org.pintail.api;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/// A set of UIDs as the API writes it: `5`, `1,2,3`, `3:15`, `3:*`.
final class UidSet {
    private static final int DIGITS = 10;

    private UidSet() {}

    static LongPredicate parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            Set<Long> wanted = new HashSet<>();
            for (var uid : text.split(",", -1)) {
                wanted.add(number(uid));
            }
            return wanted::contains;
        }
        long a = number(text.substring(0, colon));
        long b = text.endsWith("*") ? Long.MAX_VALUE : number(text.substring(colon + 1));
        return uid -> uid >= Math.min(a, b) && uid <= Math.max(a, b);
    }

    /// Beyond every UID where there are more digits than one has.
    private static long number(String digits) {
        return digits.length() > DIGITS ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
    }
}
