package org.pintail.smtp;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.mail.Authentication;
import org.pintail.net.Connection;
import org.pintail.net.LineTooLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dialogue of one connection, RFC 5321 §4. Commands that came pipelined are all answered before one flush (RFC 2920).
final class SmtpDialogue {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpDialogue.class);
    static final SmtpReply INTERNAL = new SmtpReply(451, "4.3.0", "Internal error, try again later");
    private static final SmtpReply OK = new SmtpReply(250, "2.0.0", "OK");
    private final Connection connection;
    private final SmtpPolicy.Settings settings;
    private final SmtpPolicy.Session session;
    private final SmtpLimits limits;
    private final Transfer transfer;
    private String helo = "";
    private boolean extended;
    private Authentication.Result.@Nullable Success login;
    private int errors;
    private boolean closing;

    SmtpDialogue(Connection connection, SmtpPolicy.Settings settings, SmtpPolicy.Session session, SmtpLimits limits, Path spools) {
        this.connection = connection;
        this.settings = settings;
        this.session = session;
        this.limits = limits;
        this.transfer = new Transfer(connection, settings, session, limits, spools);
    }

    void run() throws IOException {
        try (transfer) {
            greet();
            while (!closing) {
                if (connection.draining() && connection.buffered() == 0 && !transfer.inProgress()) {
                    reply(new SmtpReply(421, "4.3.2", settings.hostname() + " is going down, try again"));
                    break;
                }
                if (connection.buffered() == 0) {
                    connection.flush();
                    if (!transfer.inProgress() && !connection.awaitCommand()) {
                        continue;
                    }
                }
                step();
            }
            connection.flush();
        } catch (SocketTimeoutException e) {
            reply(new SmtpReply(421, "4.4.2", settings.hostname() + " waited too long"));
            connection.flush();
        }
    }

    private void greet() throws IOException {
        try {
            session.connected();
            reply(new SmtpReply(220, "", settings.hostname() + (settings.lmtp() ? " LMTP " : " ESMTP ") + settings.banner()));
        } catch (SmtpReply.Refused e) {
            reply(e.reply());
            closing = true;
        }
    }

    private void step() throws IOException {
        try {
            var line = connection.readLine(limits.commandLine());
            if (line == null) {
                closing = true;
                return;
            }
            var text = decode(line);
            int space = text.indexOf(' ');
            var verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
            command(verb, space < 0 ? "" : text.substring(space + 1).strip());
        } catch (LineTooLong e) {
            fail(new SmtpReply(500, "5.5.2", "Command line longer than " + limits.commandLine() + " bytes"), false);
        } catch (SmtpReply.Refused e) {
            fail(e.reply(), e.closes());
        } catch (RuntimeException e) {
            LOG.error("smtp command failed session={} ip={}", connection.session(), connection.remoteIp(), e);
            fail(INTERNAL, false);
        }
    }

    private void fail(SmtpReply reply, boolean closes) throws IOException {
        reply(reply);
        closing |= closes;
        if (++errors >= limits.errors() && !closing) {
            reply(new SmtpReply(421, "4.7.0", "Too many errors"));
            closing = true;
        }
    }

    /// A command is UTF-8 (RFC 6531 §3.1) without control characters: a NUL or a lone CR in it is nobody's honest mistake.
    private static String decode(byte[] line) {
        for (byte b : line) {
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
                throw refused(501, "5.5.2", "Syntax error: control character in a command");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw new SmtpReply.Refused(new SmtpReply(501, "5.5.2", "Syntax error: expected UTF-8"));
        }
    }

    private void command(String verb, String arguments) throws IOException {
        switch (verb) {
            case "HELO", "EHLO", "LHLO" -> hello(verb, arguments);
            case "MAIL" -> mail(arguments);
            case "RCPT" -> rcpt(arguments);
            case "DATA" -> data(arguments);
            case "BDAT" -> bdat(arguments);
            case "RSET" -> {
                transfer.reset();
                reply(OK);
            }
            case "NOOP" -> reply(OK);
            case "QUIT" -> {
                reply(new SmtpReply(221, "2.0.0", settings.hostname() + " closing connection"));
                closing = true;
            }
            case "VRFY" -> reply(new SmtpReply(252, "2.5.0", "Send some mail, and you will see")); // RFC 5321 §3.5.3
            case "HELP" -> reply(new SmtpReply(214, "2.0.0", "RFC 5321"));
            case "STARTTLS" -> startTls(arguments);
            case "AUTH" -> auth(arguments);
            case "GET", "POST", "HEAD", "PUT", "CONNECT", "OPTIONS" ->
                throw new SmtpReply.Refused(new SmtpReply(421, "4.7.0", "This is no HTTP server"), true);
            default -> throw refused(500, "5.5.2", "Command not recognised");
        }
    }

    private void hello(String verb, String arguments) throws IOException {
        if (settings.lmtp() != verb.equals("LHLO")) {
            throw refused(500, "5.5.1", settings.lmtp() ? "This is LMTP, use LHLO" : "This is SMTP, use EHLO");
        }
        if (arguments.isEmpty() || arguments.length() > 255) {
            throw refused(501, "5.5.4", "Syntax: " + verb + " hostname");
        }
        transfer.reset();
        helo = arguments;
        extended = !verb.equals("HELO");
        var first = settings.hostname() + " greets " + connection.remoteIp();
        reply(extended ? new SmtpReply(250, "", capabilities(first)) : new SmtpReply(250, "", first));
    }

    private List<String> capabilities(String first) {
        var lines = new ArrayList<String>();
        lines.add(first);
        lines.addAll(List.of("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING", "SIZE " + settings.maxSize()));
        if (connection.canStartTls()) {
            lines.add("STARTTLS");
        }
        if (settings.authOffered() && connection.passwordsAllowed()) {
            lines.add("AUTH " + String.join(" ", session.sasl().offered(connection)));
        }
        return lines;
    }

    private void mail(String arguments) throws IOException {
        if (helo.isEmpty()) {
            throw refused(503, "5.5.1", "Say " + (settings.lmtp() ? "LHLO" : "EHLO") + " first");
        }
        if (settings.authRequired() && login == null) {
            throw refused(530, "5.7.0", "Authentication required");
        }
        var syntax = "MAIL FROM:<address>";
        transfer.mail(PathArguments.sender(after(arguments, "FROM:", syntax), syntax), extended, login);
        reply(new SmtpReply(250, "2.1.0", "Sender OK"));
    }

    private void rcpt(String arguments) throws IOException {
        var syntax = "RCPT TO:<address>";
        transfer.rcpt(PathArguments.recipient(after(arguments, "TO:", syntax), settings.hostname(), syntax));
        reply(new SmtpReply(250, "2.1.5", "Recipient OK"));
    }

    private static String after(String arguments, String word, String syntax) {
        if (!arguments.regionMatches(true, 0, word, 0, word.length())) {
            throw refused(501, "5.5.4", "Syntax: " + syntax);
        }
        return arguments.substring(word.length());
    }

    private void data(String arguments) throws IOException {
        if (!arguments.isEmpty()) {
            throw refused(501, "5.5.4", "DATA takes no arguments");
        }
        transfer.checkReady(true);
        reply(new SmtpReply(354, "", "End with <CRLF>.<CRLF>"));
        connection.flush();
        for (var answer : transfer.data(helo, protocol())) {
            reply(answer);
        }
    }

    private void bdat(String arguments) throws IOException {
        for (var answer : transfer.chunk(arguments, helo, protocol())) {
            reply(answer);
        }
    }

    /// RFC 3848 and RFC 6531 §4.3: the keyword for "with" in Received.
    private String protocol() {
        var base = settings.lmtp() ? "LMTP" : extended ? "ESMTP" : "SMTP";
        var word = transfer.utf8() ? "UTF8" + (settings.lmtp() ? "LMTP" : "SMTP") : base;
        return extended ? word + (connection.secure() ? "S" : "") + (login != null ? "A" : "") : word;
    }

    private void startTls(String arguments) throws IOException {
        if (!arguments.isEmpty()) {
            throw refused(501, "5.5.4", "STARTTLS takes no arguments");
        }
        if (!connection.canStartTls()) {
            throw refused(503, "5.5.1", "TLS is on already");
        }
        transfer.reset();
        reply(new SmtpReply(220, "2.0.0", "Go ahead"));
        connection.startTls();
        helo = ""; // RFC 3207 §4.2: the client has to start again, and what it said in clear counts no more
        extended = false;
        login = null;
    }

    private void auth(String arguments) throws IOException {
        if (!settings.authOffered()) {
            throw refused(503, "5.5.1", "AUTH is not offered here");
        }
        if (!connection.passwordsAllowed()) {
            throw refused(538, "5.7.11", "Must issue a STARTTLS command first");
        }
        if (login != null || transfer.inProgress() || helo.isEmpty()) {
            throw refused(503, "5.5.1", login != null ? "Already authenticated" : "AUTH is not allowed now");
        }
        var result = new AuthExchange(connection, limits, session.sasl(), this::reply).run(arguments);
        switch (result) {
            case Authentication.Result.Success success -> {
                login = success;
                reply(new SmtpReply(235, "2.7.0", "Authentication successful"));
            }
            case Authentication.Result.Failure failure -> throw AuthExchange.refusal(failure);
        }
    }

    private void reply(SmtpReply reply) throws IOException {
        var lines = reply.lines();
        for (int i = 0; i < lines.size(); i++) {
            var separator = i == lines.size() - 1 ? " " : "-";
            connection.write(reply.code() + separator + (reply.status().isEmpty() ? "" : reply.status() + " ") + lines.get(i) + "\r\n");
        }
    }

    static SmtpReply.Refused refused(int code, String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(code, status, text));
    }
}
