/// SASL (RFC 4422), the same mechanisms for IMAP, POP3 and submission: PLAIN (RFC 4616), LOGIN, SCRAM (RFC 5802, 7677) with channel binding
/// (RFC 5929, 9266), OAUTHBEARER (RFC 7628), XOAUTH2, EXTERNAL. Start at [org.pintail.sasl.Sasl].
@NullMarked
package org.pintail.sasl;

import org.jspecify.annotations.NullMarked;
