/// Sending: submission, the queue, delivery to other servers, bounces.
@NullMarked
package org.pintail.mta;

import org.jspecify.annotations.NullMarked;
