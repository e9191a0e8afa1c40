/// The field `Authentication-Results` (RFC 8601), written and read. What stands in it for SPF, DKIM, DMARC and ARC is put together in
/// `org.pintail.auth`.
@NullMarked
package org.pintail.authres;

import org.jspecify.annotations.NullMarked;
