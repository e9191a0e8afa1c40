/// Mail addresses: RFC 5321 paths, RFC 5322 address lists, RFC 6531 internationalised mail, and the normal form
/// under which an installation looks an address up.
@NullMarked
package org.pintail.address;

import org.jspecify.annotations.NullMarked;
