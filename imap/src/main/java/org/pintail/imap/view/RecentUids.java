package org.pintail.imap.view;

import java.util.BitSet;
import java.util.TreeMap;

/// The messages that are `\Recent` for one session: ranges of uids, for what comes in a row is mostly told to one session.
final class RecentUids {
    /// First and last of each range.
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /// All of these come after those that are there.
    void add(long first, long last) {
        var before = ranges.lastEntry();
        if (before != null && before.getValue() + 1 == first) {
            ranges.put(before.getKey(), last);
        } else {
            ranges.put(first, last);
        }
    }

    boolean contains(long uid) {
        if (ranges.isEmpty()) {
            return false;
        }
        var at = ranges.floorEntry(uid);
        return at != null && uid <= at.getValue();
    }

    /// Where they stand among these.
    BitSet indexes(Columns messages) {
        var found = new BitSet();
        ranges.forEach((first, last) -> found.set(place(messages, first), place(messages, last + 1)));
        return found;
    }

    /// How many of these they are.
    int count(Columns messages) {
        int count = 0;
        for (var range : ranges.entrySet()) {
            count += place(messages, range.getValue() + 1) - place(messages, range.getKey());
        }
        return count;
    }

    private static int place(Columns messages, long uid) {
        int at = messages.index(uid);
        return at < 0 ? -at - 1 : at;
    }
}
