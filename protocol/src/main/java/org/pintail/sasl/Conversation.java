package org.pintail.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The messages of one exchange, whatever protocol carries them: each line is base64, `=` an empty message, `*` the client's cancellation
/// (RFC 4422 §3, RFC 4954 §4, RFC 3501 §6.2.2, RFC 5034 §4).
final class Conversation {
    private final Sasl.Lines lines;
    private @Nullable String initial;

    Conversation(@Nullable String initial, Sasl.Lines lines) {
        this.initial = initial;
        this.lines = lines;
    }

    /// The client's first message, which came with the command or is asked for by an empty challenge.
    byte[] first() throws IOException {
        return firstOr("");
    }

    /// For mechanisms in which the server speaks first.
    byte[] firstOr(String challenge) throws IOException {
        var came = initial;
        initial = null;
        return came != null ? decode(came) : ask(challenge.getBytes(StandardCharsets.UTF_8));
    }

    byte[] ask(byte[] challenge) throws IOException {
        return decode(lines.ask(Base64.getEncoder().encodeToString(challenge)));
    }

    private static byte[] decode(String line) {
        if (line.equals("*")) {
            throw new SaslFailure(SaslFailure.Kind.CANCELLED, "Authentication cancelled");
        }
        if (line.equals("=")) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(line.strip());
        } catch (IllegalArgumentException notBase64) {
            throw SaslFailure.malformed("expected base64");
        }
    }

    static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }
}
