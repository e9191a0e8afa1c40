/// MTA-STS (RFC 8461): a domain says over HTTPS which hosts take its mail and that they have TLS with a certificate that can be trusted.
/// Here are the words: the TXT record and the policy. Fetching and keeping policies is the sender's business (`org.pintail.mta`).
@NullMarked
package org.pintail.mtasts;

import org.jspecify.annotations.NullMarked;
