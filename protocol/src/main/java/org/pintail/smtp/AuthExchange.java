package org.pintail.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.pintail.mail.Authentication;
import org.pintail.net.Connection;
import org.pintail.sasl.Sasl;
import org.pintail.sasl.SaslFailure;

/// AUTH, RFC 4954: the mechanisms of [Sasl], with or without initial response; `*` cancels.
record AuthExchange(Connection connection, SmtpLimits limits, Sasl sasl, Replies replies) {
    /// RFC 4954 §4: 12,288 bytes with the line break.
    private static final int SASL_LINE = 12_286;

    /// Where challenges go.
    interface Replies {
        void send(SmtpReply reply) throws IOException;
    }

    Authentication.Result run(String arguments) throws IOException {
        var words = arguments.split(" +", 2);
        if (words[0].isEmpty()) {
            throw SmtpDialogue.refused(501, "5.5.4", "Syntax: AUTH mechanism");
        }
        try {
            return sasl.run(new Sasl.Request(words[0], words.length > 1 ? words[1] : null, connection, "smtp"), this::ask);
        } catch (SaslFailure failure) {
            throw switch (failure.kind()) {
                case UNKNOWN_MECHANISM ->
                    SmtpDialogue.refused(504, "5.5.4", "Mechanism not known; expected one of " + String.join(" ", sasl.offered(connection)));
                case CANCELLED -> SmtpDialogue.refused(501, "5.7.0", "Authentication cancelled");
                case MALFORMED -> SmtpDialogue.refused(501, "5.5.2", "Expected base64 of user name and password");
            };
        }
    }

    private String ask(String challenge) throws IOException {
        replies.send(new SmtpReply(334, "", challenge));
        connection.flush();
        var line = connection.readLine(SASL_LINE);
        if (line == null) {
            throw new java.io.EOFException("the client left during AUTH");
        }
        return new String(line, StandardCharsets.US_ASCII);
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
