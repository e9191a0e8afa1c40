@NullMarked
package org.pintail.imap.envelope;

import org.jspecify.annotations.NullMarked;
