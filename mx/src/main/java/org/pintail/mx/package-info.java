/// Receiving from the internet: an [org.pintail.smtp.SmtpPolicy] that checks recipients, adds trace fields and delivers.
@NullMarked
package org.pintail.mx;

import org.jspecify.annotations.NullMarked;
