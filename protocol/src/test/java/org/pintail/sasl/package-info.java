@NullMarked
package org.pintail.sasl;

import org.jspecify.annotations.NullMarked;
