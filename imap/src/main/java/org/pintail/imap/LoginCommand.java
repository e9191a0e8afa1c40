package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Authentication;

/// LOGIN — RFC 3501 §6.2.3.
///
///     login = "LOGIN" SP userid SP password
record LoginCommand(String username, String password) implements Command.InAnyState {
    static LoginCommand parse(ImapReader in) throws IOException {
        in.sp();
        var username = in.credential();
        in.sp();
        var password = in.credential();
        in.end();
        return new LoginCommand(username.strip(), password.strip());
    }

    @Override
    public Reply run(Dialogue dialogue, Responses out) throws IOException {
        if (!dialogue.connection().passwordsAllowed()) {
            throw new BadCommand("Run STARTTLS first");
        }
        var client = new Authentication.Client("IMAP", dialogue.connection().remoteIp(), dialogue.sessionId());
        return finish(dialogue, out, dialogue.mail().authentication().authenticate(username, password, "imap", client));
    }

    /// The same for every way to log in.
    static Reply finish(Dialogue dialogue, Responses out, Authentication.Result result) throws IOException {
        switch (result) {
            case Authentication.Result.Failure(var reason, var text) -> throw switch (reason) {
                case CREDENTIALS -> new No("AUTHENTICATIONFAILED", "Invalid credentials");
                case SCOPE, DISABLED -> new No("AUTHENTICATIONFAILED", text);
                case RATE_LIMITED -> new No("LIMIT", text);
                case UNAVAILABLE -> new No("UNAVAILABLE", text);
            };
            case Authentication.Result.Success ok -> {
                dialogue.login(new Authenticated(dialogue, ok.account(), ok.username()));
                CapabilityCommand.write(dialogue, out);
                return Reply.ok(ok.username() + " authenticated");
            }
        }
    }

    @Override
    public String toString() {
        return "LoginCommand[" + username + "]";
    }
}
