@NullMarked
package org.pintail.imap.order;

import org.jspecify.annotations.NullMarked;
