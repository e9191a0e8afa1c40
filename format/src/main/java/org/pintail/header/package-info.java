/// Header fields: raw bytes, unfolding, encoded words (RFC 2047), parameters (RFC 2231), dates (RFC 5322 §3.3).
@NullMarked
package org.pintail.header;

import org.jspecify.annotations.NullMarked;
