/// A mailbox as the sessions of this node see it. [Snapshots] keeps each once for all of them, a [Columns] for each moment, which never changes;
/// [SelectedMailbox] is what one session has been told of it, and the only place that knows sequence numbers.
@NullMarked
package org.pintail.imap.view;

import org.jspecify.annotations.NullMarked;
