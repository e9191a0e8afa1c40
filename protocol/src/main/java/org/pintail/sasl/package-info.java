/// AUTH mechanisms (RFC 4422): PLAIN (RFC 4616) and LOGIN, as exchanges that every protocol drives the same way.
@NullMarked
package org.pintail.sasl;

import org.jspecify.annotations.NullMarked;
