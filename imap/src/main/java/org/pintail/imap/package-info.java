/// The IMAP server: RFC 3501 and the extensions listed in docs/rfcs.md. One file per command.
///
/// Read first: [ImapServer], then [Dialogue] (the loop, and what becomes of errors), [CommandTable] (which command in which state, and
/// what it may announce). A command is a record: `parse` reads its grammar, `run` acts and writes.
///
/// Beside the commands stand packages that know nothing of them: `wire` (grammar, answers), then `view` (a mailbox as a session sees it) and
/// `envelope` (what is asked of a header), then `order` (SORT, THREAD) and `search`. Each knows only those before it, and none of its rank.
///
/// Rules no single file shows: whoever writes to the client holds the dialogue's lock; commands throw what `wire` has for it and
/// never write an error themselves; other sessions' changes are announced by the dialogue between a command's run and its tagged reply.
@NullMarked
package org.pintail.imap;

import org.jspecify.annotations.NullMarked;
