/// The IMAP server: RFC 3501 and the extensions listed in docs/rfcs.md. One file per command.
///
/// Read first: [ImapServer], then [Dialogue] (the loop, and what becomes of errors), [CommandTable] (which command in which state, and
/// what it may announce). A command is a record: `parse` reads its grammar from [ImapReader], `run` acts and writes through [Responses].
/// [SelectedMailbox] is the only place that knows sequence numbers.
///
/// Rules no single file shows: whoever writes to the client holds the dialogue's lock; commands throw [No], [BadCommand] or [Bye] and
/// never write an error themselves; other sessions' changes are announced by the dialogue between a command's run and its tagged reply.
@NullMarked
package org.pintail.imap;

import org.jspecify.annotations.NullMarked;
