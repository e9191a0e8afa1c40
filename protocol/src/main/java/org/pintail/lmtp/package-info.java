/// The LMTP server, RFC 2033: SMTP's dialogue with one reply per recipient.
@NullMarked
package org.pintail.lmtp;

import org.jspecify.annotations.NullMarked;
