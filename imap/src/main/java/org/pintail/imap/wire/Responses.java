package org.pintail.imap.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.pintail.backend.Bytes;
import org.pintail.backend.Flags;

/// Writes what the server says, byte by byte into a buffer of its own: no formatting, no intermediate strings for the hot answers.
/// The buffer grows while there is much to say and is gone after [#flush]: most sessions are idle.
public final class Responses {
    private static final int SIZE = 16 * 1024;
    private static final int SMALLEST = 256;
    private static final int DIGITS = 20;
    private static final byte[] NONE = {};
    private final OutputStream out;
    private byte[] buffer = NONE;
    private int used;

    /// Mailbox names go out as UTF-8 (RFC 6855) instead of modified UTF-7.
    private boolean utf8;

    /// Writes to `out` when there is much to say, and what is left when it is told to flush.
    public Responses(OutputStream out) {
        this.out = out;
    }

    /// After ENABLE UTF8=ACCEPT, until UNAUTHENTICATE.
    public void useUtf8(boolean now) {
        utf8 = now;
    }

    /// `text` is ASCII.
    public Responses ascii(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
        return this;
    }

    public Responses utf8(String text) throws IOException {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public Responses put(int b) throws IOException {
        if (used == buffer.length) {
            room(1);
        }
        buffer[used++] = (byte) b;
        return this;
    }

    public Responses sp() throws IOException {
        return put(' ');
    }

    public Responses crlf() throws IOException {
        return put('\r').put('\n');
    }

    /// `number`, in as many digits as it takes.
    public Responses number(long n) throws IOException {
        if (n < 0) {
            throw new IllegalArgumentException("negative number: " + n);
        }
        room(DIGITS);
        int digits = 1;
        for (long rest = n / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = n;
        for (int i = used + digits - 1; i >= used; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
        return this;
    }

    /// As they are, without quotes or length.
    public Responses bytes(Bytes bytes) throws IOException {
        return bytes(bytes.unsafeArray());
    }

    public Responses bytes(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
        return this;
    }

    /// A whole untagged response: `* text`. Text is UTF-8.
    public void untagged(String text) throws IOException {
        put('*').sp().utf8(text).crlf();
    }

    /// `string`: quoted where RFC 3501 §9 lets it, else a literal.
    public Responses string(byte[] value) throws IOException {
        for (byte b : value) {
            if (b == 0 || b == '\r' || b == '\n' || b < 0 && !utf8) {
                return put('{').number(value.length).put('}').crlf().bytes(value);
            }
        }
        put('"');
        for (byte b : value) {
            if (b == '"' || b == '\\') {
                put('\\');
            }
            put(b);
        }
        return put('"');
    }

    public Responses string(String value) throws IOException {
        return string(value.getBytes(StandardCharsets.UTF_8));
    }

    /// An atom where it can be one, else a string.
    public Responses astring(byte[] value) throws IOException {
        boolean atom = value.length > 0;
        for (byte b : value) {
            atom &= ImapReader.isAstringChar(b);
        }
        return atom ? bytes(value) : string(value);
    }

    /// A mailbox name in the encoding this client reads, always as a string.
    public Responses mailbox(String path) throws IOException {
        return string(utf8 ? path : ModifiedUtf7.encode(path));
    }

    /// `(\Seen $Forwarded)`
    public Responses flags(Flags flags) throws IOException {
        return flags(flags, false);
    }

    /// `recent`: with the flag that is nowhere stored.
    public Responses flags(Flags flags, boolean recent) throws IOException {
        put('(');
        boolean first = !recent;
        if (recent) {
            ascii("\\Recent");
        }
        for (int bit = Flags.SEEN; bit <= Flags.DRAFT; bit <<= 1) {
            if (flags.has(bit)) {
                if (!first) {
                    sp();
                }
                first = false;
                ascii(systemName(bit));
            }
        }
        for (var keyword : flags.keywords()) {
            if (!first) {
                sp();
            }
            first = false;
            utf8(keyword);
        }
        return put(')');
    }

    private static String systemName(int bit) {
        return switch (bit) {
            case Flags.SEEN -> "\\Seen";
            case Flags.ANSWERED -> "\\Answered";
            case Flags.FLAGGED -> "\\Flagged";
            case Flags.DELETED -> "\\Deleted";
            case Flags.DRAFT -> "\\Draft";
            default -> throw new IllegalArgumentException("no system flag: " + bit);
        };
    }

    /// A literal of exactly `size` bytes of `in`, streamed. Fails with [Bye] when there are fewer, for then nothing sensible can follow.
    public void literal(InputStream in, long size) throws IOException {
        put('{').number(size).put('}').crlf();
        drain();
        room((int) Math.min(SIZE, size));
        long left = size;
        while (left > 0) {
            int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (got < 0) {
                throw new Bye("Internal Server Error");
            }
            out.write(buffer, 0, got);
            left -= got;
        }
    }

    /// Everything goes to the client now.
    public void flush() throws IOException {
        drain();
        out.flush();
        buffer = NONE;
    }

    private void write(byte[] bytes, int length) throws IOException {
        if (length > SIZE) {
            drain();
            out.write(bytes, 0, length);
        } else {
            room(length);
            System.arraycopy(bytes, 0, buffer, used, length);
            used += length;
        }
    }

    /// For `more` bytes, at most [#SIZE].
    private void room(int more) throws IOException {
        if (used + more > SIZE) {
            drain();
        }
        if (used + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(SIZE, Math.max(used + more, Math.max(SMALLEST, 4 * buffer.length))));
        }
    }

    private void drain() throws IOException {
        if (used > 0) {
            out.write(buffer, 0, used);
            used = 0;
        }
    }
}
