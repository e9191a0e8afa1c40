/// Everything a receiving host asks of a message before it believes it: SPF, DKIM, ARC and DMARC in one pass.
///
/// [org.pintail.auth.MailAuthentication] runs them, [org.pintail.auth.AuthReport] holds what they found, [org.pintail.auth.ResultRows]
/// writes it down for `Authentication-Results`. Bounds stand in [org.pintail.auth.AuthSettings].
@NullMarked
package org.pintail.auth;

import org.jspecify.annotations.NullMarked;
