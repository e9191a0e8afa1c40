/// SMTP, RFC 5321, server and client. The dialogue is here; what is accepted is decided by an [SmtpPolicy].
@NullMarked
package org.pintail.smtp;

import org.jspecify.annotations.NullMarked;
