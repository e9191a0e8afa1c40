package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.Responses;

/// A command with its arguments. Its kind says which state it needs, so no command checks that.
sealed interface Command {
    /// Any state, before login as well.
    non-sealed interface InAnyState extends Command {
        Reply run(Dialogue dialogue, Responses out) throws IOException;
    }

    /// Logged in, a mailbox selected or not.
    non-sealed interface InAuthenticated extends Command {
        Reply run(Authenticated session, Responses out) throws IOException;
    }

    /// A mailbox is selected.
    non-sealed interface InSelected extends Command {
        Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException;
    }
}
