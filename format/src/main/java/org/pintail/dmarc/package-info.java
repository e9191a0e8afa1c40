/// Domain-based Message Authentication, Reporting and Conformance: RFC 7489 and its successor RFC 9989 (DMARCbis).
///
/// [org.pintail.dmarc.Dmarc] takes what SPF and DKIM proved and says whether the domain in From agrees, and what it asks for when it does
/// not. Organisational domains come from the public suffix list or from the tree walk of RFC 9989 §4.10; which one is configuration.
@NullMarked
package org.pintail.dmarc;

import org.jspecify.annotations.NullMarked;
