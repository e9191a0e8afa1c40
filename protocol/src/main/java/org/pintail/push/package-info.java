/// Waking Apple's mail clients through Apple's push notification service.
@NullMarked
package org.pintail.push;

import org.jspecify.annotations.NullMarked;
