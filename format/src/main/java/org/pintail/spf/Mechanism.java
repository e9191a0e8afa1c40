package org.pintail.spf;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// RFC 7208 §5. A `target` of null is the domain under evaluation.
sealed interface Mechanism {
    record All() implements Mechanism {}

    record Include(MacroString target) implements Mechanism {}

    record A(@Nullable MacroString target, int prefix4, int prefix6) implements Mechanism {}

    record Mx(@Nullable MacroString target, int prefix4, int prefix6) implements Mechanism {}

    record Ptr(@Nullable MacroString target) implements Mechanism {}

    /// `ip4` and `ip6`.
    record Network(InetAddress address, int prefix) implements Mechanism {}

    record Exists(MacroString target) implements Mechanism {}
}
