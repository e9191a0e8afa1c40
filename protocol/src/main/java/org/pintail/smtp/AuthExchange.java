package org.pintail.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.pintail.mail.Authentication;
import org.pintail.net.Connection;
import org.pintail.sasl.Credentials;

/// AUTH, RFC 4954: mechanisms PLAIN and LOGIN, with or without initial response; `*` cancels.
record AuthExchange(Connection connection, SmtpLimits limits, Replies replies) {
    /// Where challenges go.
    interface Replies {
        void send(SmtpReply reply) throws IOException;
    }

    Authentication.Result run(String arguments, SmtpPolicy.Session session) throws IOException {
        var words = arguments.split(" +", 2);
        var initial = words.length > 1 ? Optional.of(words[1].equals("=") ? "" : words[1]) : Optional.<String>empty();
        var credentials = switch (words[0].toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> Credentials.plain(initial.isPresent() ? initial.get() : ask(""));
            case "LOGIN" -> {
                var name = initial.isPresent() ? initial.get() : ask("VXNlcm5hbWU6");
                yield Credentials.login(name, ask("UGFzc3dvcmQ6"));
            }
            case "" -> throw SmtpDialogue.refused(501, "5.5.4", "Syntax: AUTH mechanism");
            default -> throw SmtpDialogue.refused(504, "5.5.4", "Mechanism not known; expected PLAIN or LOGIN");
        };
        if (credentials.isEmpty()) {
            throw SmtpDialogue.refused(501, "5.5.2", "Expected base64 of user name and password");
        }
        return session.authenticate(credentials.get().username(), credentials.get().password());
    }

    private String ask(String challenge) throws IOException {
        replies.send(new SmtpReply(334, "", challenge));
        connection.flush();
        var line = connection.readLine(limits.commandLine());
        if (line == null) {
            throw new java.io.EOFException("the client left during AUTH");
        }
        var text = new String(line, StandardCharsets.US_ASCII);
        if (text.equals("*")) {
            throw SmtpDialogue.refused(501, "5.7.0", "Authentication cancelled");
        }
        return text;
    }

    static SmtpReply.Refused refusal(Authentication.Result.Failure failure) {
        var reply = switch (failure.reason()) {
            case CREDENTIALS -> new SmtpReply(535, "5.7.8", "Authentication failed");
            case SCOPE, DISABLED -> new SmtpReply(535, "5.7.8", failure.text());
            case RATE_LIMITED -> new SmtpReply(454, "4.7.0", failure.text());
            case UNAVAILABLE -> new SmtpReply(454, "4.7.0", "Temporary authentication failure");
        };
        return new SmtpReply.Refused(reply);
    }
}
