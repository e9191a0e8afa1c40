package org.pintail.pop3;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MessageRow;
import org.pintail.backend.StoreException;
import org.pintail.mail.Authentication;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.mail.SaslPrep;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;
import org.pintail.mime.Surrogate;
import org.pintail.net.Connection;
import org.pintail.net.LineTooLong;
import org.pintail.sasl.Sasl;
import org.pintail.sasl.SaslFailure;
import org.pintail.smtp.DotStuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dialogue of one connection: AUTHORIZATION until login, then TRANSACTION; QUIT there makes the changes (RFC 1939 §3).
/// Messages are sent as they came, but for those with UTF-8 in their headers to a client that did not say UTF8 (RFC 6856 §2.1): it gets a
/// [Surrogate]. LIST and STAT have the sizes of the messages themselves; RETR tells that of what it sends. RFC 6856 §2.1 has SHOULD for LIST, but only
/// who reads all headers knows which messages have a surrogate, and how long it is: at every poll, for the few that have one. Dovecot leaves
/// the same to `pop3_fast_size_lookups`.
/// Pipelined commands (RFC 2449 §6.6) are answered in order, with one flush.
final class Pop3Dialogue {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Dialogue.class);
    private static final int SASL_LINE = 12_286; // RFC 4954 §4, for want of a number in RFC 5034
    private final Connection connection;
    private final Mail mail;
    private final Sasl sasl;
    private final Pop3Limits limits;
    private @Nullable Maildrop maildrop;
    private String user = "";
    private boolean utf8;
    private boolean wellFormed;
    private boolean closing;

    Pop3Dialogue(Connection connection, Mail mail, Sasl sasl, Pop3Limits limits) {
        this.connection = connection;
        this.mail = mail;
        this.sasl = sasl;
        this.limits = limits;
    }

    void run() throws IOException {
        try {
            ok("Pintail ready for requests from " + connection.remoteIp() + " " + connection.session());
            while (!closing) {
                if (connection.buffered() == 0) {
                    connection.flush();
                    if (!connection.awaitCommand()) {
                        error("[SYS/TEMP] The server is going down");
                        break;
                    }
                }
                step();
            }
        } catch (SocketTimeoutException e) {
            error("Disconnected for inactivity");
        }
        connection.flush();
    }

    private void step() throws IOException {
        try {
            var line = connection.readLine(limits.line());
            if (line == null) {
                closing = true;
                return;
            }
            var text = new String(line, StandardCharsets.UTF_8);
            wellFormed = Arrays.equals(line, text.getBytes(StandardCharsets.UTF_8));
            int space = text.indexOf(' ');
            command((space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT), space < 0 ? "" : text.substring(space + 1));
        } catch (LineTooLong e) {
            error("malformed command");
            closing = true;
        } catch (EOFException gone) {
            LOG.debug("pop3 client left inside a command session={}", connection.session());
            closing = true; // the commands before it were answered, and may be read by a client that still listens
        } catch (Pop3Refusal e) {
            error(e.text());
            closing |= e.closes();
        } catch (Refusal e) {
            error((e.isTemporary() ? "[SYS/TEMP] " : "[SYS/PERM] ") + e.text());
        } catch (StoreException e) {
            LOG.warn("pop3 command failed session={} error={}", connection.session(), e.toString());
            error("[SYS/TEMP] Temporary failure, try again later");
        } catch (RuntimeException e) {
            LOG.error("pop3 command failed session={} ip={}", connection.session(), connection.remoteIp(), e);
            error("[SYS/TEMP] Internal error, try again later");
        }
    }

    private void command(String verb, String arguments) throws IOException {
        switch (verb) {
            case "CAPA" -> capa();
            case "NOOP" -> ok("");
            case "QUIT" -> quit();
            case "STLS" -> stls();
            case "UTF8" -> utf8(arguments);
            case "LANG" -> lang(arguments);
            case "USER" -> user(arguments);
            case "PASS" -> pass(arguments);
            case "AUTH" -> auth(arguments);
            case "STAT" -> ok(drop().count() + " " + drop().octets());
            case "LIST" -> list(arguments, false);
            case "UIDL" -> list(arguments, true);
            case "RETR" -> retr(arguments);
            case "TOP" -> top(arguments);
            case "DELE" -> {
                int number = number(arguments);
                drop().delete(number);
                ok("message " + number + " deleted");
            }
            case "RSET" -> {
                drop().reset();
                ok("maildrop has " + drop().count() + " message" + (drop().count() == 1 ? "" : "s"));
            }
            default -> throw new Pop3Refusal("bad command", true);
        }
    }

    /// RFC 2449 §5, AUTH-RESP-CODE of RFC 3206.
    private void capa() throws IOException {
        ok("Capability list follows");
        connection.write("TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nUTF8 USER\r\nLANG\r\n");
        if (maildrop == null && connection.passwordsAllowed()) {
            connection.write("USER\r\nSASL " + String.join(" ", sasl.offered(connection)) + "\r\n");
        }
        if (connection.canStartTls() && maildrop == null) {
            connection.write("STLS\r\n");
        }
        connection.write("LOGIN-DELAY " + limits.loginDelay().toSeconds() + "\r\n");
        connection.write("EXPIRE " + (maildrop == null ? "NEVER USER" : maildrop.expiry()) + "\r\n");
        connection.write("IMPLEMENTATION Pintail\r\n.\r\n");
    }

    /// RFC 6856 §2: before login, and after STLS if there is one.
    private void utf8(String arguments) throws IOException {
        authorization();
        if (!arguments.isBlank()) {
            throw new Pop3Refusal("UTF8 has no arguments");
        }
        utf8 = true;
        ok("UTF8 enabled");
    }

    /// RFC 6856 §3. There is one language; `*` is whatever the server likes best.
    private void lang(String arguments) throws IOException {
        var wanted = arguments.strip().toLowerCase(Locale.ROOT);
        switch (wanted) {
            case "" -> {
                ok("Language listing follows:");
                connection.write("en English\r\ni-default English\r\n.\r\n");
            }
            case "*", "en", "i-default" -> ok((wanted.equals("*") ? "en" : wanted) + " Language changed");
            default -> throw new Pop3Refusal("Language not known");
        }
    }

    private void stls() throws IOException {
        if (!connection.canStartTls()) {
            throw new Pop3Refusal("Command not permitted when TLS active");
        }
        authorization();
        if (utf8) {
            throw new Pop3Refusal("STLS comes before UTF8"); // RFC 6856 §2.1
        }
        ok("Begin TLS negotiation");
        connection.startTls();
        user = "";
    }

    private void user(String name) throws IOException {
        passwordState();
        if (name.isBlank()) {
            throw new Pop3Refusal("USER who?");
        }
        user = prepared(name.strip());
        ok("send PASS");
    }

    private void pass(String password) throws IOException {
        passwordState();
        if (user.isEmpty() || password.isEmpty()) {
            throw new Pop3Refusal("malformed command", true);
        }
        var name = user;
        user = "";
        prepared(password);
        login(name, password); // as it came: passwords were not prepared when they were set
    }

    /// RFC 6856 §2.2: SASLprep, and nothing that is not UTF-8.
    private String prepared(String text) {
        if (!wellFormed) {
            throw new Pop3Refusal("[AUTH] User names and passwords are UTF-8");
        }
        return SaslPrep.prepare(text).orElseThrow(() -> new Pop3Refusal("[AUTH] There is a character that is not allowed here"));
    }

    /// RFC 5034
    private void auth(String arguments) throws IOException {
        passwordState();
        if (arguments.isBlank()) {
            ok("");
            connection.write(String.join("\r\n", sasl.offered(connection)) + "\r\n.\r\n");
            return;
        }
        var words = arguments.strip().split(" +", 2);
        try {
            finish(sasl.run(new Sasl.Request(words[0], words.length > 1 ? words[1] : null, connection, "pop3"), this::challenge));
        } catch (SaslFailure failure) {
            throw switch (failure.kind()) {
                case UNKNOWN_MECHANISM -> new Pop3Refusal("unsupported SASL mechanism");
                case CANCELLED -> new Pop3Refusal("authentication cancelled");
                case MALFORMED -> new Pop3Refusal("malformed command");
            };
        }
    }

    private String challenge(String base64) throws IOException {
        connection.write("+ " + base64 + "\r\n");
        connection.flush();
        var line = connection.readLine(SASL_LINE);
        if (line == null) {
            throw new EOFException("the client left during AUTH");
        }
        return new String(line, StandardCharsets.US_ASCII);
    }

    private void login(String name, String password) throws IOException {
        connection.flush();
        var client = new Authentication.Client("POP3", connection.remoteIp(), connection.session());
        finish(mail.authentication().authenticate(name, password, "pop3", client));
    }

    private void finish(Authentication.Result result) throws IOException {
        switch (result) {
            case Authentication.Result.Success success -> {
                delay(success);
                var opened = Maildrop.open(mail, mail.accounts().require(success.account()), limits.messages());
                maildrop = opened;
                ok("maildrop has " + opened.count() + " message" + (opened.count() == 1 ? "" : "s") + " (" + opened.octets() + " octets)");
            }
            case Authentication.Result.Failure failure -> throw new Pop3Refusal(switch (failure.reason()) {
                case CREDENTIALS -> "[AUTH] Username and password not accepted";
                case SCOPE, DISABLED -> "[AUTH] " + failure.text();
                case RATE_LIMITED -> "[SYS/TEMP] " + failure.text(); // the password need not be wrong: nobody has to be asked for another
                case UNAVAILABLE -> "[SYS/TEMP] Authentication is not available, try again later";
            });
        }
    }

    /// RFC 2449 §6.5, counted over all nodes.
    private void delay(Authentication.Result.Success who) {
        if (limits.loginDelay().isZero()) {
            return;
        }
        var added = mail.store().counters().add("pld:" + who.account().hex(), 1, 1, limits.loginDelay());
        if (!added.allowed()) {
            throw new Pop3Refusal("[LOGIN-DELAY] Too soon after the last login, try again in " + Math.max(1, added.left().toSeconds()) + " seconds");
        }
    }

    private void passwordState() {
        authorization();
        if (!connection.passwordsAllowed()) {
            throw new Pop3Refusal("Command is not valid in this state");
        }
    }

    private void authorization() {
        if (maildrop != null) {
            throw new Pop3Refusal("Command not accepted");
        }
    }

    private Maildrop drop() {
        var open = maildrop;
        if (open == null) {
            throw new Pop3Refusal("Command not accepted");
        }
        return open;
    }

    private void list(String arguments, boolean ids) throws IOException {
        if (!arguments.isBlank()) {
            drop();
            int number = number(arguments);
            ok(line(number, ids));
            return;
        }
        drop();
        ok(ids ? "" : drop().count() + " messages (" + drop().octets() + " octets)");
        for (int number : drop().numbers()) {
            connection.write(line(number, ids) + "\r\n");
        }
        connection.write(".\r\n");
    }

    private String line(int number, boolean ids) {
        var message = drop().message(number);
        return number + " " + (ids ? message.id().hex() : Long.toString(message.size()));
    }

    private void retr(String arguments) throws IOException {
        drop();
        int number = number(arguments);
        var message = drop().message(number);
        drop().countDownload(message.size());
        var source = shown(message);
        ok(source.size() + " octets");
        send(source);
        drop().fetched(number);
    }

    private void top(String arguments) throws IOException {
        drop();
        var words = arguments.strip().split(" +", -1);
        if (words.length != 2) {
            throw new Pop3Refusal("malformed command", true);
        }
        int number = number(words[0]);
        int lines = number(words[1]);
        var source = shown(drop().message(number));
        var head = source.slice(0, TopLines.length(source, lines));
        drop().countDownload(head.size());
        ok("message follows");
        send(head);
    }

    private Source shown(MessageRow message) throws IOException {
        var messages = mail.mailstore().messages();
        var source = messages.open(message);
        if (utf8) {
            return source;
        }
        var parts = PartMap.decode(messages.renderings(message).partMap().unsafeArray());
        return Surrogate.of(source, parts)
                .orElseThrow(() -> new Pop3Refusal("[UTF8] This message needs UTF8, and its headers are too large to be written without"));
    }

    private void send(Source source) throws IOException {
        new DotStuffer(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        connection.write(new byte[] {(byte) b});
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        connection.write(bytes, from, length);
                    }
                })
                .write(source);
    }

    private static int number(String text) {
        var digits = text.strip();
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Pop3Refusal("malformed command", true);
        }
        return Integer.parseInt(digits);
    }

    private void quit() throws IOException {
        var open = maildrop;
        closing = true;
        if (open != null) {
            open.update(); // RFC 1939 §6: what fails is told by -ERR
        }
        ok("Bye");
    }

    private void ok(String text) throws IOException {
        connection.write(text.isEmpty() ? "+OK\r\n" : "+OK " + text + "\r\n");
    }

    private void error(String text) throws IOException {
        connection.write("-ERR " + text + "\r\n");
    }
}
