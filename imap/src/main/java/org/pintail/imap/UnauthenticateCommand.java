package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// UNAUTHENTICATE — RFC 8437: back to before login, on the same connection. The selected mailbox is left without expunging, and everything that
/// was enabled is not any more. TLS stays; the tagged OK is the last thing that is compressed (§4.1).
record UnauthenticateCommand() implements Command.InAuthenticated {
    static UnauthenticateCommand parse(ImapReader in) {
        in.end();
        return new UnauthenticateCommand();
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var dialogue = session.dialogue();
        dialogue.logout();
        dialogue.taggedOk("UNAUTHENTICATE completed");
        out.flush();
        dialogue.connection().endCompression();
        return Reply.SENT;
    }
}
