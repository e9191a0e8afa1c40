package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// LOGOUT — RFC 3501 §6.1.3.
record LogoutCommand() implements Command.InAnyState {
    static LogoutCommand parse(ImapReader in) {
        in.end();
        return new LogoutCommand();
    }

    @Override
    public Reply run(Dialogue dialogue, Responses out) throws IOException {
        out.untagged("BYE Logout requested");
        dialogue.end();
        return Reply.ok("See you later");
    }
}
