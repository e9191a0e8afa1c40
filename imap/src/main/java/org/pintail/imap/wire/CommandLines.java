package org.pintail.imap.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.pintail.mime.Spool;
import org.pintail.net.Connection;

/// The bytes of a command: a line, or several with literals between them. Holds the line it is in, asks the client for literals as the
/// grammar comes to them, and goes on with the line that follows.
public final class CommandLines {
    private static final int LITERALS = 64;
    private static final String ID = " ID ";
    /// Pairs of name and value that ID may have: RFC 2971 §3.3.
    public static final int ID_FIELDS = 30;

    private static final int ID_FIELD = 30;
    private static final int ID_VALUE = 1024;
    private static final int TAG_AND_NAME = 300;
    /// Bytes of the longest line that says who a client is: every character quoted, with quotes and spaces around.
    private static final int ID_LINE = TAG_AND_NAME + ID_FIELDS * (2 * ID_FIELD + 2 * ID_VALUE + 6);
    private static final long SKIP = 64L << 20;
    private static final int CREDENTIAL = 1024;
    private static final int SASL_LINE = 12_286; // RFC 4954 §4, for want of a number in RFC 3501

    /// Where bytes come from.
    public interface Input {
        /// The next line without its line break; null at the end.
        byte @Nullable [] readLine(int limit) throws IOException;

        /// As [#readLine], where a line may have more by what it begins with.
        default byte @Nullable [] readLine(int usual, Connection.LongLine longer) throws IOException {
            return readLine(usual);
        }

        int read(byte[] into, int from, int length) throws IOException;

        /// Tells the client to go on: `+ text`.
        void goOn(String text) throws IOException;
    }

    private final Input input;
    private final ImapLimits limits;
    private final Path spoolDirectory;
    private byte[] line = {};
    private int at;
    private int literals;
    /// Bytes of this command that were read: lines and literals, but for messages.
    private long taken;
    private long skipped;
    private boolean loggedIn;
    /// Before login, user names and passwords alone may be literals.
    private boolean credential;

    CommandLines(Input input, ImapLimits limits, Path spoolDirectory) {
        this.input = input;
        this.limits = limits;
        this.spoolDirectory = spoolDirectory;
    }

    void loggedIn(boolean now) {
        loggedIn = now;
    }

    /// What comes next is a user name or a password.
    void expectCredential() {
        credential = true;
    }

    /// Place in the line, for [#from].
    int at() {
        return at;
    }

    int peek() {
        return at < line.length ? line[at] & 0xff : -1;
    }

    void skip() {
        at++;
    }

    int next() {
        return line[at++] & 0xff;
    }

    byte[] from(int start) {
        return Arrays.copyOfRange(line, start, at);
    }

    boolean looksAt(String upperCase) {
        if (line.length - at < upperCase.length()) {
            return false;
        }
        for (int i = 0; i < upperCase.length(); i++) {
            if (Character.toUpperCase((char) line[at + i]) != upperCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Starts the next command; false when the client is gone.
    boolean nextCommand() throws IOException {
        literals = 0;
        taken = 0;
        skipped = 0;
        credential = false;
        at = 0;
        line = new byte[0];
        var next = loggedIn ? input.readLine(limit()) : input.readLine(limit(), this::limitBeforeLogin);
        if (next == null) {
            return false;
        }
        line = next;
        taken = next.length;
        return true;
    }

    /// What the next line of this command may have.
    private int limit() {
        return (int) Math.max(0, (loggedIn ? limits.command() : limits.preLogin()) - taken);
    }

    /// RFC 2971 lets ID be longer than anything else that is said before login.
    private int limitBeforeLogin(byte[] beginning) {
        int space = 0;
        while (space < beginning.length && beginning[space] != ' ') {
            space++;
        }
        boolean id = beginning.length > space + ID.length()
                && new String(beginning, space, ID.length(), StandardCharsets.ISO_8859_1).equalsIgnoreCase(ID);
        return id ? ID_LINE : limits.preLogin();
    }

    /// A line outside the grammar of commands (AUTHENTICATE, DONE), after `+ prompt`.
    String ask(String prompt) throws IOException {
        input.goOn(prompt);
        return readLine();
    }

    String readLine() throws IOException {
        var answer = input.readLine(SASL_LINE);
        if (answer == null) {
            throw new EOFException("end of stream inside a command");
        }
        return new String(answer, StandardCharsets.UTF_8);
    }

    /// Leaves a command that is not read to its end: literals that the client sends without being asked (RFC 7888) go unread.
    void skipCommand() throws IOException {
        for (var literal = trailing(); literal != null && literal.unasked; literal = trailing()) {
            skipped += literal.size;
            if (skipped > (loggedIn ? SKIP : limits.preLogin()) || ++literals > LITERALS) {
                throw new Bye("Literal too large");
            }
            var rest = new byte[8192];
            long left = literal.size;
            while (left > 0) {
                int got = input.read(rest, 0, (int) Math.min(rest.length, left));
                if (got < 0) {
                    throw new EOFException("end of stream inside a literal");
                }
                left -= got;
            }
            nextLine();
        }
    }

    /// A literal of the size of an argument.
    byte[] literal() throws IOException {
        return literal(loggedIn ? limits.literal() : CREDENTIAL, null);
    }

    /// A literal of at most `most` bytes; a longer one is refused with this response code.
    byte[] literal(int most, @Nullable String code) throws IOException {
        if (!loggedIn && !credential) {
            throw new BadCommand("no literals before login");
        }
        var head = literalHead();
        if (head.size > most || head.size > limit()) {
            throw new No(code, "Literal too large");
        }
        begin(head);
        taken += head.size;
        var bytes = new byte[(int) head.size];
        int got = 0;
        while (got < bytes.length) {
            int more = input.read(bytes, got, bytes.length - got);
            if (more < 0) {
                throw new EOFException("end of stream inside a literal");
            }
            got += more;
        }
        nextLine();
        return bytes;
    }

    /// A literal of message size. The caller closes what comes back.
    Spool message() throws IOException {
        var head = literalHead();
        if (head.size > limits.append()) {
            throw new No(
                    "TOOBIG",
                    "Message size exceeds allowed limit: attempted " + head.size + " bytes, but maximum allowed is "
                            + limits.append() + " bytes.");
        }
        begin(head);
        var spool = new Spool(spoolDirectory);
        try {
            var part = new byte[16 * 1024];
            long left = head.size;
            while (left > 0) {
                int got = input.read(part, 0, (int) Math.min(part.length, left));
                if (got < 0) {
                    throw new EOFException("end of stream inside a literal");
                }
                spool.write(part, 0, got);
                left -= got;
            }
            nextLine();
            return spool;
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    Spool newSpool() {
        return new Spool(spoolDirectory);
    }

    private record Literal(long size, boolean unasked) {}

    /// `literal = "{" number ["+"] "}" CRLF *CHAR8` (RFC 7888), with "~" in front RFC 3516's literal8.
    private Literal literalHead() {
        at += peek() == '~' ? 1 : 0;
        if (peek() != '{') {
            throw new BadCommand("expected a literal");
        }
        at++;
        var head = trailing();
        int close = head == null ? -1 : lastOpen();
        if (head == null || close != at - 1) {
            throw new BadCommand("Invalid literal size");
        }
        return head;
    }

    /// The literal this line ends with, if it does. It has not been read: reading it moves on to the next line.
    private @Nullable Literal trailing() {
        int open = lastOpen();
        if (open < 0) {
            return null;
        }
        int end = line.length - 1;
        boolean unasked = end > open && line[end - 1] == '+';
        int last = unasked ? end - 1 : end;
        if (last == open + 1 || last - open > 16) {
            return null;
        }
        long size = 0;
        for (int i = open + 1; i < last; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return null;
            }
            size = size * 10 + line[i] - '0';
        }
        return new Literal(size, unasked);
    }

    private int lastOpen() {
        if (line.length == 0 || line[line.length - 1] != '}') {
            return -1;
        }
        int open = line.length - 1;
        while (open >= 0 && line[open] != '{') {
            open--;
        }
        return open;
    }

    private void begin(Literal head) throws IOException {
        if (++literals > LITERALS) {
            throw new BadCommand("too many literals");
        }
        if (!head.unasked) {
            input.goOn("Go ahead");
        }
    }

    private void nextLine() throws IOException {
        at = 0;
        line = new byte[0];
        var next = input.readLine(limit());
        if (next == null) {
            throw new EOFException("end of stream inside a command");
        }
        line = next;
        taken += next.length;
    }
}
