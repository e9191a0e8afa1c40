package org.pintail.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// AUTHENTICATE — RFC 3501 §6.2.2, with RFC 4959's initial response. Mechanisms: PLAIN (RFC 4616), LOGIN, PLAIN-CLIENTTOKEN.
///
///     authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]
record AuthenticateCommand(Mechanism mechanism, @Nullable String initial) implements Command.InAnyState {
    enum Mechanism {
        PLAIN,
        PLAIN_CLIENTTOKEN,
        LOGIN
    }

    static AuthenticateCommand parse(ImapReader in) {
        in.sp();
        var mechanism =
                switch (in.atom().toUpperCase(Locale.ROOT)) {
                    case "PLAIN" -> Mechanism.PLAIN;
                    case "PLAIN-CLIENTTOKEN" -> Mechanism.PLAIN_CLIENTTOKEN;
                    case "LOGIN" -> Mechanism.LOGIN;
                    default -> throw new No("Unsupported authentication mechanism");
                };
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
        return switch (mechanism) {
            case PLAIN -> plain(dialogue, out, 3);
            case PLAIN_CLIENTTOKEN -> plain(dialogue, out, 4);
            case LOGIN -> {
                var username = initial != null ? decode(initial) : decode(dialogue.ask("VXNlcm5hbWU6"));
                var password = decode(dialogue.ask("UGFzc3dvcmQ6"));
                yield LoginCommand.login(dialogue, out, username, password);
            }
        };
    }

    /// `[authzid] NUL authcid NUL passwd [NUL token]`; the authorization identity is ignored.
    private Reply plain(Dialogue dialogue, Responses out, int fields) throws IOException {
        var parts = decode(initial != null ? initial : dialogue.ask("")).split("\0", -1);
        if (parts.length != fields) {
            throw new BadCommand("Invalid SASL argument");
        }
        return LoginCommand.login(dialogue, out, parts[1], parts[2]);
    }

    private static String decode(String base64) {
        if (base64.equals("*")) {
            throw new BadCommand("Authentication cancelled");
        }
        if (base64.equals("=")) {
            return "";
        }
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw new BadCommand("Invalid SASL argument");
        }
    }

    @Override
    public String toString() {
        return "AuthenticateCommand[" + mechanism + "]";
    }
}
