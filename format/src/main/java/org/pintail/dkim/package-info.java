/// DomainKeys Identified Mail: RFC 6376 with the algorithms of RFC 8301 and RFC 8463.
///
/// [org.pintail.dkim.MessageScan] takes a message in chunks, reads its header, and hashes its body once per canonicalisation while the
/// bytes pass. [org.pintail.dkim.DkimVerifier] judges the signatures of what it saw, [org.pintail.dkim.DkimSigner] makes new ones.
/// ARC uses the same parts. Bounds stand in [org.pintail.dkim.DkimLimits].
@NullMarked
package org.pintail.dkim;

import org.jspecify.annotations.NullMarked;
