package org.pintail.imap;

import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// NOOP and CHECK — RFC 3501 §6.1.2, §6.4.1: nothing but an occasion to announce changes.
record NoopCommand(@Nullable String text) implements Command.InAnyState {
    static NoopCommand parse(ImapReader in, @Nullable String text) {
        in.end();
        return new NoopCommand(text);
    }

    @Override
    public Reply run(Dialogue dialogue, Responses out) {
        return text == null ? Reply.COMPLETED : Reply.ok(text);
    }
}
