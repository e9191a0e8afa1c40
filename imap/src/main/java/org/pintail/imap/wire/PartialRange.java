package org.pintail.imap.wire;

import java.util.List;

/// A part of a result, by places: `1:10` are the first ten, `-1:-10` the last ten (RFC 9394 §3.1). `first` is the end that is nearer to where is
/// counted from, whichever the client wrote first.
///
///     partial-range-first = nz-number ":" nz-number
///     partial-range-last  = "-" nz-number ":" "-" nz-number
public record PartialRange(boolean fromTheEnd, long first, long last) {
    /// What the client wrote: first and last in either order.
    public static PartialRange parse(ImapReader in) {
        boolean fromTheEnd = in.accept('-');
        long a = place(in);
        in.expect(':');
        if (in.accept('-') != fromTheEnd) {
            throw new BadCommand("Invalid range: both ends count from the same side");
        }
        long b = place(in);
        return new PartialRange(fromTheEnd, Math.min(a, b), Math.max(a, b));
    }

    private static long place(ImapReader in) {
        long n = in.number();
        if (n == 0 || n > 0xffff_ffffL) {
            throw new BadCommand("Invalid range");
        }
        return n;
    }

    /// What of a whole result is in it, a view of it.
    public <T> List<T> of(List<T> all) {
        int count = all.size();
        if (first > count) {
            return List.of();
        }
        int from = (int) first - 1;
        int to = (int) Math.min(last, count);
        return fromTheEnd ? all.subList(count - to, count - from) : all.subList(from, to);
    }

    @Override
    public String toString() {
        var sign = fromTheEnd ? "-" : "";
        return sign + first + ":" + sign + last;
    }
}
