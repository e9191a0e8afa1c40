@NullMarked
package org.pintail.imap;

import org.jspecify.annotations.NullMarked;
