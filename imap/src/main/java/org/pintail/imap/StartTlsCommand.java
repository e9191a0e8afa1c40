package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// STARTTLS — RFC 3501 §6.2.1. The tagged OK is written before the handshake; commands the client sent before it are thrown away.
record StartTlsCommand() implements Command.InAnyState {
    static StartTlsCommand parse(ImapReader in) {
        in.end();
        return new StartTlsCommand();
    }

    /// Runs when nothing has been answered yet; `tagged` writes the OK.
    @Override
    public Reply run(Dialogue dialogue, Responses out) throws IOException {
        if (!dialogue.connection().canStartTls()) {
            throw new No(dialogue.connection().secure() ? "TLS is active already" : "TLS is not available");
        }
        dialogue.taggedOk("Begin TLS negotiation now");
        out.flush();
        dialogue.connection().startTls();
        return Reply.SENT;
    }
}
