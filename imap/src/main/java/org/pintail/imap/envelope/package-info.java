/// What SEARCH, SORT and THREAD ask of a message's header, out of its ENVELOPE: fields, addresses, the base subject (RFC 5256 §2.1), message ids,
/// and texts as they are compared (RFC 5051). [Envelopes] keeps those that were read a moment ago.
@NullMarked
package org.pintail.imap.envelope;

import org.jspecify.annotations.NullMarked;
