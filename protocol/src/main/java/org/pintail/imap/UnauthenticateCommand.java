package org.pintail.imap;

/// UNAUTHENTICATE — RFC 8437: back to before login, on the same connection. The selected mailbox is left without expunging, and everything that
/// was enabled is not any more; TLS and compression stay.
record UnauthenticateCommand() implements Command.InAuthenticated {
    static UnauthenticateCommand parse(ImapReader in) {
        in.end();
        return new UnauthenticateCommand();
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        session.dialogue().logout();
        return Reply.COMPLETED;
    }
}
