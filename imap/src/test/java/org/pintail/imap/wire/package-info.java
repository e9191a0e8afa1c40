@NullMarked
package org.pintail.imap.wire;

import org.jspecify.annotations.NullMarked;
