@NullMarked
package org.pintail.imap.view;

import org.jspecify.annotations.NullMarked;
