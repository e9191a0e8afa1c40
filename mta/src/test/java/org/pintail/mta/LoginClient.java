package org.pintail.mta;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;
import org.pintail.testkit.Wire;

/// Logs in over any of the protocols and tells what came of it in the same words.
final class LoginClient implements AutoCloseable {
    enum Protocol {
        IMAP,
        POP3,
        SUBMISSION
    }

    /// What the server answered to a message of an exchange.
    enum Kind {
        CHALLENGE,
        SUCCESS,
        REFUSED,
        TEMPORARY,
        MALFORMED,
        UNKNOWN
    }

    /// `text` is the challenge, or the whole reply.
    record Answer(Kind kind, String text) {}

    private final Protocol protocol;
    private final Wire wire;

    LoginClient(Protocol protocol, InetSocketAddress server) throws IOException {
        this.protocol = protocol;
        this.wire = Wire.connect(server);
        wire.reply();
        if (protocol == Protocol.SUBMISSION) {
            wire.send("EHLO client.example").reply();
        }
    }

    /// TLS, with a certificate of the client's own or none.
    LoginClient secure(KeyManager... own) throws IOException {
        switch (protocol) {
            case IMAP -> wire.send("s STARTTLS").line();
            case POP3 -> wire.send("STLS").line();
            case SUBMISSION -> wire.send("STARTTLS").reply();
        }
        wire.startTls(own);
        if (protocol == Protocol.SUBMISSION) {
            wire.send("EHLO client.example").reply();
        }
        return this;
    }

    Wire wire() {
        return wire;
    }

    /// The mechanisms that are offered, in one line.
    String offers() throws IOException {
        return switch (protocol) {
            case IMAP -> {
                var line = wire.send("c CAPABILITY").line();
                wire.line();
                yield line.replace("AUTH=", "");
            }
            case POP3 -> {
                wire.send("CAPA").line();
                yield wire.dotted().lines().filter(l -> l.startsWith("SASL ")).findFirst().orElse("");
            }
            case SUBMISSION -> wire.send("EHLO client.example").reply().stream().filter(l -> l.startsWith("AUTH ", 4)).findFirst().orElse("");
        };
    }

    Answer start(String mechanism, @Nullable String initial) throws IOException {
        var command = (protocol == Protocol.IMAP ? "t AUTHENTICATE " : "AUTH ") + mechanism;
        return say(initial == null ? command : command + " " + initial);
    }

    Answer say(String line) throws IOException {
        wire.send(line);
        return switch (protocol) {
            case IMAP -> imap();
            case POP3 -> pop3(wire.line());
            case SUBMISSION -> smtp(wire.reply().getLast());
        };
    }

    /// Both messages of a SCRAM exchange; whatever ends it early is the answer.
    Answer scram(String mechanism, ScramClient scram) throws IOException {
        var challenge = start(mechanism, scram.first());
        return challenge.kind() == Kind.CHALLENGE ? say(scram.last(challenge.text())) : challenge;
    }

    private Answer imap() throws IOException {
        var line = wire.line();
        while (line.startsWith("* ")) {
            line = wire.line();
        }
        if (line.startsWith("+ ")) {
            return new Answer(Kind.CHALLENGE, line.substring(2));
        }
        var rest = line.replaceFirst("^t ", "");
        var kind = rest.startsWith("OK")
                ? Kind.SUCCESS
                : rest.startsWith("BAD")
                        ? Kind.MALFORMED
                        : rest.startsWith("NO [AUTHENTICATIONFAILED]")
                                ? Kind.REFUSED
                                : rest.startsWith("NO [UNAVAILABLE]") ? Kind.TEMPORARY : Kind.UNKNOWN;
        return new Answer(kind, rest);
    }

    private static Answer pop3(String line) {
        if (line.startsWith("+ ")) {
            return new Answer(Kind.CHALLENGE, line.substring(2));
        }
        var kind = line.startsWith("+OK")
                ? Kind.SUCCESS
                : line.startsWith("-ERR [AUTH]")
                        ? Kind.REFUSED
                        : line.startsWith("-ERR [SYS/TEMP]")
                                ? Kind.TEMPORARY
                                : line.toLowerCase(Locale.ROOT).contains("unsupported") ? Kind.UNKNOWN : Kind.MALFORMED;
        return new Answer(kind, line);
    }

    private static Answer smtp(String line) {
        var kind = switch (line.substring(0, 3)) {
            case "334" -> Kind.CHALLENGE;
            case "235" -> Kind.SUCCESS;
            case "535" -> Kind.REFUSED;
            case "454" -> Kind.TEMPORARY;
            case "504" -> Kind.UNKNOWN;
            default -> Kind.MALFORMED;
        };
        return new Answer(kind, kind == Kind.CHALLENGE ? line.substring(4) : line);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
