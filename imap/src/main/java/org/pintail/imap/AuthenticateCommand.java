package org.pintail.imap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.sasl.Sasl;
import org.pintail.sasl.SaslFailure;

/// AUTHENTICATE — RFC 3501 §6.2.2, with RFC 4959's initial response. The mechanisms are those of [Sasl].
///
///     authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]
record AuthenticateCommand(String mechanism, @Nullable String initial) implements Command.InAnyState {
    static AuthenticateCommand parse(ImapReader in) {
        in.sp();
        var mechanism = in.atom();
        String initial = null;
        if (in.accept(' ')) {
            initial = in.atom();
        }
        in.end();
        return new AuthenticateCommand(mechanism, initial);
    }

    @Override
    public Reply run(Dialogue dialogue, Responses out) throws IOException {
        if (!dialogue.connection().passwordsAllowed()) {
            throw new BadCommand("Run STARTTLS first");
        }
        try {
            var request = new Sasl.Request(mechanism, initial, dialogue.connection(), "imap");
            return LoginCommand.finish(dialogue, out, dialogue.sasl().run(request, dialogue::ask));
        } catch (SaslFailure failure) {
            throw switch (failure.kind()) {
                case UNKNOWN_MECHANISM -> new No("Unsupported authentication mechanism");
                case CANCELLED -> new BadCommand("Authentication cancelled");
                case MALFORMED -> new BadCommand("Invalid SASL argument");
            };
        }
    }

    @Override
    public String toString() {
        return "AuthenticateCommand[" + mechanism + "]";
    }
}
