package org.pintail.imap.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.mime.Spool;

/// The grammar of RFC 3501 §9 over one command: one method per rule. [CommandLines] knows where the bytes come from.
public final class ImapReader {
    private static final int RANGES = 10_000;
    private static final int LIST = 1_000;

    private final CommandLines lines;
    private final ImapLimits limits;
    private boolean utf8;
    private int depth;

    /// Nobody has logged in yet. Messages gather in `spoolDirectory`, where they are large.
    public ImapReader(CommandLines.Input input, ImapLimits limits, Path spoolDirectory) {
        this.lines = new CommandLines(input, limits, spoolDirectory);
        this.limits = limits;
    }

    /// Over one line that did not come from a client.
    public static ImapReader of(String line) throws IOException {
        var in = new ImapReader(new OneLine(line), ImapLimits.DEFAULT, Path.of("."));
        in.nextCommand();
        return in;
    }

    private record OneLine(String line) implements CommandLines.Input {
        @Override
        public byte @Nullable [] readLine(int limit) {
            return line.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return -1;
        }

        @Override
        public void goOn(String text) {
            throw new BadCommand("no literal here");
        }
    }

    /// RFC 6855: mailbox names are UTF-8 from now on, not modified UTF-7.
    public void useUtf8() {
        utf8 = true;
    }

    /// After UNAUTHENTICATE names are modified UTF-7 again.
    public void loggedIn(boolean now) {
        lines.loggedIn(now);
        utf8 &= now;
    }

    public ImapLimits limits() {
        return limits;
    }

    /// Starts the next command; false when the client is gone.
    public boolean nextCommand() throws IOException {
        depth = 0;
        return lines.nextCommand();
    }

    /// A line outside the grammar of commands (AUTHENTICATE, DONE), after `+ prompt`.
    public String ask(String prompt) throws IOException {
        return lines.ask(prompt);
    }

    public String readLine() throws IOException {
        return lines.readLine();
    }

    /// Leaves a command that is not read to its end.
    public void skipCommand() throws IOException {
        lines.skipCommand();
    }

    /// A literal of message size. The caller closes what comes back.
    public Spool message() throws IOException {
        return lines.message();
    }

    /// Where bytes of a message that belong to this command can gather. The caller closes it.
    public Spool newSpool() {
        return lines.newSpool();
    }

    /// Next byte, or -1 at the end of the line.
    public int peek() {
        return lines.peek();
    }

    /// Takes it when it comes next.
    public boolean accept(char c) {
        if (peek() == c) {
            lines.skip();
            return true;
        }
        return false;
    }

    /// Takes it, or throws [BadCommand].
    public void expect(char c) {
        if (!accept(c)) {
            throw new BadCommand("expected " + (c == ' ' ? "a space" : "\"" + c + "\""));
        }
    }

    public void sp() {
        expect(' ');
    }

    public boolean atEnd() {
        return peek() < 0;
    }

    /// Throws [BadCommand] when the command has more.
    public void end() {
        if (!atEnd()) {
            throw new BadCommand("Too many arguments provided");
        }
    }

    /// `tag = 1*<any ASTRING-CHAR except "+">`
    public String tag() {
        int start = lines.at();
        while (peek() != '+' && isAstringChar(peek()) && peek() < 0x80) {
            lines.skip();
        }
        if (lines.at() == start || lines.at() - start > 255) {
            throw new BadCommand("Invalid tag");
        }
        return ascii(start);
    }

    /// `atom = 1*ATOM-CHAR`
    public String atom() {
        int start = lines.at();
        while (isAstringChar(peek()) && peek() != ']' && peek() < 0x80) {
            lines.skip();
        }
        if (lines.at() == start) {
            throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected an atom");
        }
        return ascii(start);
    }

    /// Letters, digits, dots and dashes: the names of fetch items and search keys. Upper case.
    public String word() {
        int start = lines.at();
        while (isWordChar(peek())) {
            lines.skip();
        }
        if (lines.at() == start) {
            throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected a name");
        }
        return ascii(start).toUpperCase(Locale.ROOT);
    }

    private static boolean isWordChar(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-';
    }

    /// `number`, up to 63 bits (RFC 7162 needs mod-sequences of that size).
    public long number() {
        int start = lines.at();
        long n = 0;
        while (peek() >= '0' && peek() <= '9') {
            int digit = lines.next() - '0';
            if (n > (Long.MAX_VALUE - digit) / 10) {
                throw new BadCommand("number too large");
            }
            n = n * 10 + digit;
        }
        if (lines.at() == start) {
            throw new BadCommand("expected a number");
        }
        return n;
    }

    /// `sequence-set = (seq-number / seq-range) ["," sequence-set] / "$"`; `4:2` and `2:4` are the same range.
    public SequenceSet sequenceSet() {
        if (accept('$')) {
            return SequenceSet.SAVED;
        }
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
    public byte[] astring() throws IOException {
        if (!isAstringChar(peek())) {
            return string();
        }
        int start = lines.at();
        while (isAstringChar(peek())) {
            lines.skip();
        }
        return bytes(start);
    }

    /// `astring` that is text: UTF-8.
    public String text() throws IOException {
        return new String(astring(), StandardCharsets.UTF_8);
    }

    /// `userid = astring`, `password = astring`: all that may be a literal before login.
    public String credential() throws IOException {
        lines.expectCredential();
        return text();
    }

    /// `nstring = string / nil`; null for NIL.
    public @Nullable String nstring() throws IOException {
        if (peek() == '"' || peek() == '{' || peek() == '~') {
            return new String(string(), StandardCharsets.UTF_8);
        }
        if (!atom().equalsIgnoreCase("NIL")) {
            throw new BadCommand("expected a string or NIL");
        }
        return null;
    }

    /// `string = quoted / literal`
    public byte[] string() throws IOException {
        if (accept('"')) {
            return quoted();
        }
        if (peek() == '{' || peek() == '~') {
            return lines.literal();
        }
        throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected a string");
    }

    /// `value = nstring / literal8` of up to `most` bytes; null for NIL. A longer one is refused with this response code.
    public byte @Nullable [] value(int most, String code) throws IOException {
        if (peek() == '{' || peek() == '~') {
            return lines.literal(most, code);
        }
        if (accept('"')) {
            var quoted = quoted();
            if (quoted.length > most) {
                throw new No(code, "Value is too long");
            }
            return quoted;
        }
        if (!atom().equalsIgnoreCase("NIL")) {
            throw new BadCommand("expected a string or NIL");
        }
        return null;
    }

    private byte[] quoted() {
        var out = new ByteArrayOutputStream();
        while (!atEnd()) {
            int b = lines.next();
            if (b == '"') {
                return out.toByteArray();
            }
            if (b == '\\' && !atEnd()) {
                b = lines.next(); // QUIRK: RFC 3501 lets only " and \ be quoted; others stand for themselves
            }
            out.write(b);
        }
        throw new BadCommand("quoted string without end");
    }

    /// `mailbox = astring`, decoded.
    public String mailbox() throws IOException {
        return mailboxName(astring());
    }

    /// A mailbox name as it came, decoded. QUIRK: what is no modified UTF-7 is taken as UTF-8.
    public String mailboxName(byte[] wire) {
        var name = new String(wire, StandardCharsets.UTF_8);
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new BadCommand("mailbox name with control characters");
        }
        return utf8 ? name : ModifiedUtf7.decode(name).orElse(name);
    }

    /// `list-mailbox = 1*list-char / string`
    public String listMailbox() throws IOException {
        if (peek() == '"' || peek() == '{') {
            return mailboxName(string());
        }
        int start = lines.at();
        while (isAstringChar(peek()) || peek() == '%' || peek() == '*') {
            lines.skip();
        }
        if (lines.at() == start) {
            throw new BadCommand(atEnd() ? "Not enough arguments provided" : "expected a mailbox pattern");
        }
        return mailboxName(bytes(start));
    }

    /// Reads one thing of a list.
    public interface Rule<T> {
        T read() throws IOException;
    }

    /// `"(" [item *(SP item)] ")"`
    public <T> List<T> list(Rule<T> item) throws IOException {
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
    public String flag() {
        return accept('\\') ? "\\" + atom() : atom();
    }

    /// Reads ahead without a side effect: does the rest of the line begin so (any case)?
    public boolean looksAt(String upperCase) {
        return lines.looksAt(upperCase);
    }

    private byte[] bytes(int start) {
        return lines.from(start);
    }

    private String ascii(int start) {
        return new String(lines.from(start), StandardCharsets.US_ASCII);
    }

    /// `ASTRING-CHAR = ATOM-CHAR / "]"`, and bytes above 127.
    static boolean isAstringChar(int c) {
        if (c < 0) {
            return c != -1; // a byte above 127 with its sign; -1 is the end
        }
        return c > ' ' && c != 0x7f && "(){%*\"\\".indexOf(c) < 0;
    }
}
