package org.pintail.imap;

import java.io.IOException;

/// NAMESPACE — RFC 2342: one's own mailboxes, and those that other users share.
record NamespaceCommand() implements Command.InAuthenticated {
    static NamespaceCommand parse(ImapReader in) {
        in.end();
        return new NamespaceCommand();
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        out.untagged("NAMESPACE ((\"\" \"/\")) ((\"" + SharedName.PREFIX + "\" \"/\")) NIL");
        return Reply.COMPLETED;
    }
}
