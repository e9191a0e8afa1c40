/// The [org.pintail.dns.Dns] that goes to the network: one resolver, with one cache, for everything the suite asks.
@NullMarked
package org.pintail.resolver;

import org.jspecify.annotations.NullMarked;
