package org.pintail.imap.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `sequence-set`, RFC 3501 §9, as written by the client: `*` is not known yet, nor is `$` (RFC 5182), which stands alone.
///
/// @param saved `$`: the result of the last SEARCH that was to be kept; then there are no ranges
public record SequenceSet(List<Range> ranges, boolean saved) {
    /// Stands for `*`, the largest number in use.
    public static final long STAR = Long.MAX_VALUE;

    public static final SequenceSet ALL = new SequenceSet(List.of(new Range(1, STAR)));

    /// `$`
    static final SequenceSet SAVED = new SequenceSet(List.of(), true);

    /// Both ends count; they come in either order.
    public record Range(long first, long last) {}

    public SequenceSet {
        ranges = List.copyOf(ranges);
    }

    public SequenceSet(List<Range> ranges) {
        this(ranges, false);
    }

    /// Ascending ranges that do not touch, with `largest` for `*`. Numbers beyond `largest` are cut off; when nothing is in use
    /// (`largest` 0) the result is empty.
    public List<Range> resolve(long largest) {
        var ordered = new ArrayList<Range>(ranges.size());
        for (var r : ranges) {
            long a = r.first == STAR ? largest : r.first;
            long b = r.last == STAR ? largest : r.last;
            long first = Math.min(a, b);
            if (first <= largest) {
                ordered.add(new Range(first, Math.min(Math.max(a, b), largest)));
            }
        }
        if (largest == 0) {
            return List.of();
        }
        ordered.sort(Comparator.comparingLong(Range::first));
        var merged = new ArrayList<Range>(ordered.size());
        for (var r : ordered) {
            var before = merged.isEmpty() ? null : merged.getLast();
            if (before != null && r.first <= before.last + 1) {
                merged.set(merged.size() - 1, new Range(before.first, Math.max(before.last, r.last)));
            } else {
                merged.add(r);
            }
        }
        return merged;
    }

    /// Numbers in their order as `1:3,7`; "" for none. Only what ascends makes a range, as RFC 5267 §3.2 has it for sorted results.
    public static String write(List<Long> numbers) {
        var out = new StringBuilder();
        int at = 0;
        while (at < numbers.size()) {
            int end = at;
            while (end + 1 < numbers.size() && numbers.get(end + 1) == numbers.get(end) + 1) {
                end++;
            }
            if (!out.isEmpty()) {
                out.append(',');
            }
            out.append(numbers.get(at).longValue());
            if (end > at) {
                out.append(':').append(numbers.get(end).longValue());
            }
            at = end + 1;
        }
        return out.toString();
    }
}
