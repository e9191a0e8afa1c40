/// The IMAP server: RFC 3501, the extensions listed in docs/rfcs.md. One file per command.
@NullMarked
package org.pintail.imap;

import org.jspecify.annotations.NullMarked;
