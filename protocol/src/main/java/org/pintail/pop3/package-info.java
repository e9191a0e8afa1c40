/// The POP3 server: RFC 1939, 2449, 2595, 5034.
@NullMarked
package org.pintail.pop3;

import org.jspecify.annotations.NullMarked;
