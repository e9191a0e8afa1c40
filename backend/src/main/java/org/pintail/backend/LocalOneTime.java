package org.pintail.backend;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// [OneTime] inside one process. At most `most` values; when they are full nothing more is taken, because to forget one would let it be
/// used again.
public final class LocalOneTime implements OneTime {
    private static final int MOST = 200_000;
    private final Clock clock;
    private final int most;
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(String value, Instant ends) {}

    public LocalOneTime(Clock clock) {
        this(clock, MOST);
    }

    LocalOneTime(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    @Override
    public synchronized boolean put(String key, String value, Duration kept) {
        var now = clock.instant();
        if (valid(entries.get(key), now)) {
            return false;
        }
        if (entries.size() >= most) {
            entries.values().removeIf(e -> !valid(e, now));
            if (entries.size() >= most) {
                throw new StoreException.Unavailable(most + " values are waiting to be used or forgotten");
            }
        }
        entries.put(key, new Entry(value, now.plus(kept)));
        return true;
    }

    @Override
    public synchronized Optional<Kept> find(String key) {
        return kept(entries.get(key));
    }

    @Override
    public synchronized Optional<Kept> take(String key) {
        return kept(entries.remove(key));
    }

    private Optional<Kept> kept(@Nullable Entry entry) {
        var now = clock.instant();
        return entry != null && valid(entry, now)
                ? Optional.of(new Kept(entry.value(), Duration.between(now, entry.ends())))
                : Optional.empty();
    }

    private static boolean valid(@Nullable Entry entry, Instant now) {
        return entry != null && entry.ends().isAfter(now);
    }
}
