/// Authenticated Received Chain, RFC 8617: each host that passes a message on says what it found and seals it.
///
/// [org.pintail.arc.ArcVerifier] judges a chain, [org.pintail.arc.ArcSealer] adds a link. A chain that passes says that nobody forged
/// it, not that its sealers tell the truth: [org.pintail.arc.ArcVerdict#vouched] asks whom the operator trusts.
@NullMarked
package org.pintail.arc;

import org.jspecify.annotations.NullMarked;
