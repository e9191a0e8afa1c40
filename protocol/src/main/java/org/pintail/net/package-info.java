/// Listeners and connections for every line protocol: TLS, STARTTLS, SNI, PROXY, limits. Read first: [Listener], [Connection].
@NullMarked
package org.pintail.net;

import org.jspecify.annotations.NullMarked;
