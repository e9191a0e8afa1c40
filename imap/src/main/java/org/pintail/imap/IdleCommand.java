package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// IDLE — RFC 2177. Ends with DONE, in any case.
record IdleCommand() implements Command.InAuthenticated {
    static IdleCommand parse(ImapReader in) {
        in.end();
        return new IdleCommand();
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        out.ascii("+ idling").crlf();
        var line = session.dialogue().announcer().idle(session.dialogue());
        if (!line.strip().equalsIgnoreCase("DONE")) {
            throw new BadCommand("Invalid Idle continuation");
        }
        return Reply.ok("IDLE terminated");
    }
}
