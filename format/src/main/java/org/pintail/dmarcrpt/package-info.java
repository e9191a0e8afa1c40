/// Aggregate reports of DMARC (RFC 7489 §7.2, appendix C), written and read, and the compressed form in which reports travel.
@NullMarked
package org.pintail.dmarcrpt;

import org.jspecify.annotations.NullMarked;
