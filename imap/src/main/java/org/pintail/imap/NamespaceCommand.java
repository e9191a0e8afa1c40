package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// NAMESPACE — RFC 2342: one's own mailboxes, and those that other users share, once there are some.
record NamespaceCommand() implements Command.InAuthenticated {
    static NamespaceCommand parse(ImapReader in) {
        in.end();
        return new NamespaceCommand();
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        boolean others = !session.mail().sharing().sharedWith(session.account()).isEmpty();
        out.untagged("NAMESPACE ((\"\" \"/\")) " + (others ? "((\"" + SharedName.PREFIX + "\" \"/\"))" : "NIL") + " NIL");
        return Reply.COMPLETED;
    }
}
