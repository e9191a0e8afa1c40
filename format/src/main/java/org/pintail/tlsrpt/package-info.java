/// Reports about TLS between mail servers (RFC 8460): the record that asks for them, and the report itself, written and read.
@NullMarked
package org.pintail.tlsrpt;

import org.jspecify.annotations.NullMarked;
