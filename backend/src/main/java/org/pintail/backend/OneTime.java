package org.pintail.backend;

import java.time.Duration;
import java.util.Optional;

/// Values that may be used once and are forgotten after a while: used one-time codes, challenges, pending logins. Throws
/// [StoreException.Unavailable] when it cannot be told whether a value was used: the caller then refuses, and the person tries again.
public interface OneTime {
    /// A value and the time until it is forgotten.
    record Kept(String value, Duration left) {}

    /// Keeps `value` under `key`. False, and nothing changed, when there is one.
    boolean put(String key, String value, Duration kept);

    /// Looks without using it up.
    Optional<Kept> find(String key);

    /// Uses it up: of any number of callers on any nodes at most one gets it.
    Optional<Kept> take(String key);
}
