/// Configuration, wiring, roles and the command line; the only place where engines are named.
@NullMarked
package org.pintail.suite;

import org.jspecify.annotations.NullMarked;
