/// The words and the grammar of IMAP, as they are read and written: RFC 3501 §9. Nothing here knows a mailbox or a session.
///
/// Read first: [ImapReader], a method for each rule, over [CommandLines], a line or several with literals between them; [Responses] writes.
/// What goes wrong is thrown: [BadCommand], [No] or [Bye].
@NullMarked
package org.pintail.imap.wire;

import org.jspecify.annotations.NullMarked;
