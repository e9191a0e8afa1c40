/// What the suite does with mail, whoever asks: accounts, addresses, authentication, mailboxes, appending and delivering messages.
///
/// Read first: [Mail], the parts list; then [Delivery] and [Authentication]. Protocols and the API call these; these call the roles of
/// `backend`. A [Refusal] is what we chose to say; anything else is an error.
@NullMarked
package org.pintail.mail;

import org.jspecify.annotations.NullMarked;
