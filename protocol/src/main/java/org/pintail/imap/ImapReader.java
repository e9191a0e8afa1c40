package org.pintail.imap;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.mime.Spool;

/// The grammar of RFC 3501 §9 over one command: one method per rule. A command is a line, or several with literals between them; the
/// reader holds the line it is in, asks the client for literals as it comes to them, and goes on with the line that follows.
final class ImapReader {
    private static final int LITERALS = 64;
    private static final int RANGES = 10_000;
    private static final int LIST = 1_000;
    private static final long SKIP = 64L << 20;

    /// Where bytes come from.
    interface Input {
        /// The next line without its line break; null at the end.
        byte @Nullable [] readLine(int limit) throws IOException;

        int read(byte[] into, int from, int length) throws IOException;

        /// Tells the client to go on: `+ text`.
        void goOn(String text) throws IOException;
    }

    private final Input input;
    private final ImapLimits limits;
    private final Path spoolDirectory;
    private boolean utf8;
    private byte[] line = {};
    private int at;
    private int literals;
    private int depth;

    ImapReader(Input input, ImapLimits limits, Path spoolDirectory) {
        this.input = input;
        this.limits = limits;
        this.spoolDirectory = spoolDirectory;
    }

    /// RFC 6855: mailbox names are UTF-8 from now on, not modified UTF-7.
    void useUtf8() {
        utf8 = true;
    }

    ImapLimits limits() {
        return limits;
    }

    /// Starts the next command; false when the client is gone.
    boolean nextCommand() throws IOException {
        literals = 0;
        depth = 0;
        at = 0;
        line = new byte[0];
        var next = input.readLine(limits.line());
        if (next == null) {
            return false;
        }
        line = next;
        return true;
    }

    /// A line outside the grammar of commands (AUTHENTICATE, DONE), after `+ prompt`.
    String ask(String prompt) throws IOException {
        input.goOn(prompt);
        return readLine();
    }

    String readLine() throws IOException {
        var answer = input.readLine(limits.line());
        if (answer == null) {
            throw new EOFException("end of stream inside a command");
        }
        return new String(answer, StandardCharsets.UTF_8);
    }

    /// Leaves a command that is not read to its end: literals that the client sends without being asked (RFC 7888) go unread.
    void skipCommand() throws IOException {
        for (var literal = trailing(); literal != null && literal.unasked; literal = trailing()) {
            if (literal.size > SKIP || ++literals > LITERALS) {
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

    /// Next byte, or -1 at the end of the line.
    int peek() {
        return at < line.length ? line[at] & 0xff : -1;
    }

    boolean accept(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) {
        if (!accept(c)) {
            throw new BadCommand("expected " + (c == ' ' ? "a space" : "\"" + c + "\""));
        }
    }

    void sp() {
        expect(' ');
    }

    boolean atEnd() {
        return at == line.length;
    }

    void end() {
        if (!atEnd()) {
            throw new BadCommand("Too many arguments provided");
        }
    }

    /// `tag = 1*<any ASTRING-CHAR except "+">`
    String tag() {
        int start = at;
        while (peek() != '+' && isAstringChar(peek()) && peek() < 0x80) {
            at++;
        }
        if (at == start || at - start > 255) {
            throw new BadCommand("Invalid tag");
        }
        return ascii(start);
    }

    /// `atom = 1*ATOM-CHAR`
    String atom() {
        int start = at;
        while (isAstringChar(peek()) && peek() != ']' && peek() < 0x80) {
            at++;
        }
        if (at == start) {
            throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected an atom");
        }
        return ascii(start);
    }

    /// Letters, digits, dots and dashes: the names of fetch items and search keys. Upper case.
    String word() {
        int start = at;
        while (isWordChar(peek())) {
            at++;
        }
        if (at == start) {
            throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected a name");
        }
        return ascii(start).toUpperCase(Locale.ROOT);
    }

    private static boolean isWordChar(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-';
    }

    /// `number`, up to 63 bits (RFC 7162 needs mod-sequences of that size).
    long number() {
        int start = at;
        long n = 0;
        while (peek() >= '0' && peek() <= '9') {
            int digit = line[at++] - '0';
            if (n > (Long.MAX_VALUE - digit) / 10) {
                throw new BadCommand("number too large");
            }
            n = n * 10 + digit;
        }
        if (at == start) {
            throw new BadCommand("expected a number");
        }
        return n;
    }

    /// `sequence-set = (seq-number / seq-range) ["," sequence-set]`; `4:2` and `2:4` are the same range.
    SequenceSet sequenceSet() {
        var ranges = new ArrayList<SequenceSet.Range>();
        do {
            if (ranges.size() == RANGES) {
                throw new BadCommand("sequence-set has too many ranges");
            }
            long first = seqNumber();
            ranges.add(new SequenceSet.Range(first, accept(':') ? seqNumber() : first));
        } while (accept(','));
        return new SequenceSet(ranges);
    }

    /// `seq-number = nz-number / "*"`
    private long seqNumber() {
        if (accept('*')) {
            return SequenceSet.STAR;
        }
        long n = number();
        if (n == 0 || n > 0xffff_ffffL) {
            throw new BadCommand("Invalid sequence set");
        }
        return n;
    }

    /// `astring = 1*ASTRING-CHAR / string`. QUIRK: bytes above 127 pass in atoms; some clients write names so.
    byte[] astring() throws IOException {
        if (!isAstringChar(peek())) {
            return string();
        }
        int start = at;
        while (isAstringChar(peek())) {
            at++;
        }
        return bytes(start);
    }

    String text() throws IOException {
        return new String(astring(), StandardCharsets.UTF_8);
    }

    /// `nstring = string / nil`; null for NIL.
    @Nullable String nstring() throws IOException {
        if (peek() == '"' || peek() == '{' || peek() == '~') {
            return new String(string(), StandardCharsets.UTF_8);
        }
        if (!atom().equalsIgnoreCase("NIL")) {
            throw new BadCommand("expected a string or NIL");
        }
        return null;
    }

    /// `string = quoted / literal`
    byte[] string() throws IOException {
        if (accept('"')) {
            return quoted();
        }
        if (peek() == '{' || peek() == '~') {
            return literal();
        }
        throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected a string");
    }

    private byte[] quoted() {
        var out = new byte[line.length - at];
        int n = 0;
        while (at < line.length) {
            byte b = line[at++];
            if (b == '"') {
                return java.util.Arrays.copyOf(out, n);
            }
            if (b == '\\' && at < line.length) {
                b = line[at++]; // QUIRK: RFC 3501 lets only " and \ be quoted; others stand for themselves
            }
            out[n++] = b;
        }
        throw new BadCommand("quoted string without end");
    }

    private byte[] literal() throws IOException {
        var head = literalHead();
        if (head.size > limits.literal()) {
            throw new No("Literal too large");
        }
        begin(head);
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

    private record Literal(long size, boolean unasked) {}

    /// `literal = "{" number ["+"] "}" CRLF *CHAR8` (RFC 7888), with "~" in front RFC 3516's literal8.
    private Literal literalHead() {
        accept('~');
        expect('{');
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
        var next = input.readLine(limits.line());
        if (next == null) {
            throw new EOFException("end of stream inside a command");
        }
        line = next;
    }

    String mailbox() throws IOException {
        return mailboxName(astring());
    }

    /// A mailbox name as it came, decoded. QUIRK: what is no modified UTF-7 is taken as UTF-8.
    String mailboxName(byte[] wire) {
        var name = new String(wire, StandardCharsets.UTF_8);
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new BadCommand("mailbox name with control characters");
        }
        return utf8 ? name : ModifiedUtf7.decode(name).orElse(name);
    }

    /// `list-mailbox = 1*list-char / string`
    String listMailbox() throws IOException {
        if (peek() == '"' || peek() == '{') {
            return mailboxName(string());
        }
        int start = at;
        while (isAstringChar(peek()) || peek() == '%' || peek() == '*') {
            at++;
        }
        if (at == start) {
            throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected a mailbox pattern");
        }
        return mailboxName(bytes(start));
    }

    /// Reads one thing of a list.
    interface Rule<T> {
        T read() throws IOException;
    }

    /// `"(" [item *(SP item)] ")"`
    <T> List<T> list(Rule<T> item) throws IOException {
        expect('(');
        deeper();
        var items = new ArrayList<T>();
        if (!accept(')')) {
            do {
                if (items.size() == LIST) {
                    throw new BadCommand("list too long");
                }
                items.add(item.read());
            } while (accept(' '));
            expect(')');
        }
        depth--;
        return items;
    }

    private void deeper() {
        if (++depth > limits.nesting()) {
            throw new BadCommand("too many parentheses");
        }
    }

    /// `flag = "\" atom / atom`
    String flag() {
        return accept('\\') ? "\\" + atom() : atom();
    }

    /// Reads ahead without a side effect: does the rest of the line begin so (any case)?
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

    private byte[] bytes(int start) {
        return java.util.Arrays.copyOfRange(line, start, at);
    }

    private String ascii(int start) {
        return new String(line, start, at - start, StandardCharsets.US_ASCII);
    }

    /// `ASTRING-CHAR = ATOM-CHAR / "]"`, and bytes above 127.
    static boolean isAstringChar(int c) {
        if (c < 0) {
            return c != -1; // a byte above 127 with its sign; -1 is the end
        }
        return c > ' ' && c != 0x7f && "(){%*\"\\".indexOf(c) < 0;
    }
}
