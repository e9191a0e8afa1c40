/// [org.pintail.backend.Cluster] over Redis 7.0 or later, with or without Sentinel.
///
/// Read first: `RedisLink`, the one place that knows whether Redis is there; then the roles. Keys that WildDuck, Haraka or ZoneMTA share are
/// named and laid out as theirs; ours begin with `pintail:`. A role that cannot reach Redis does what docs/deploy/cluster.md says it does.
@NullMarked
package org.pintail.redis;

import org.jspecify.annotations.NullMarked;
