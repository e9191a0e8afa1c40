/// Fetching small things from the web whose address a stranger chose: policies of MTA-STS, indicators and certificates of BIMI, and posting
/// TLS reports. HTTPS only; no redirects; bounded in size and time; never to an address of the own network.
@NullMarked
package org.pintail.fetch;

import org.jspecify.annotations.NullMarked;
