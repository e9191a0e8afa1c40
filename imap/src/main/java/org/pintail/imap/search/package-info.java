/// Which messages of a mailbox match: the keys of SEARCH (RFC 3501 §6.4.4 and those who add to it), how they are read, and how they are decided
/// with as little reading as can be. Read first: [SearchKey], [MessageSearch]. Names of stored keys are resolved by the server, before.
@NullMarked
package org.pintail.imap.search;

import org.jspecify.annotations.NullMarked;
