package org.pintail.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.pintail.net.Connection;

/// Reads a message after DATA, RFC 5321 §4.5.2: it ends with CRLF "." CRLF and with nothing else, and a dot in front of a line is taken away.
/// Bare CR and bare LF never count as a line break, so no two servers can disagree about where a message ends; they are noted.
final class DataReader implements Connection.Taker {
    private static final byte[] CR = {'\r'};
    private final OutputStream out;
    private final long maxSize;
    private State state = State.LINE_START;
    private long size;
    private boolean bareBreak;

    /// Where in a line break or dot sequence the last byte left us.
    private enum State {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR,
        END
    }

    DataReader(OutputStream out, long maxSize) {
        this.out = out;
        this.maxSize = maxSize;
    }

    /// Reads to the end. What exceeds the size is read and thrown away.
    void read(Connection in, Duration atMost) throws IOException {
        long start = System.nanoTime();
        while (!ended()) {
            if (!in.read(this)) {
                throw new EOFException("the client left in the middle of a message");
            }
            if (!ended() && System.nanoTime() - start > atMost.toNanos()) {
                throw new SocketTimeoutException("the message took longer than " + atMost);
            }
        }
    }

    /// Everything up to `to`, or up to the end of the message.
    @Override
    public int take(byte[] bytes, int from, int to) throws IOException {
        int kept = from; // what belongs to the message and is not written yet begins here
        for (int i = from; i < to; ) {
            byte b = bytes[i];
            switch (state) {
                case LINE_START -> {
                    state = b == '.' ? State.DOT : State.TEXT;
                    if (b == '.') {
                        keep(bytes, kept, i);
                        kept = ++i;
                    }
                }
                case DOT -> {
                    state = b == '\r' ? State.DOT_CR : State.TEXT;
                    if (b == '\r') {
                        kept = ++i; // held back: it may belong to the end
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        state = State.END;
                        return i + 1 - from;
                    }
                    keep(CR, 0, 1);
                    bareBreak = true;
                    state = State.TEXT;
                }
                case TEXT -> {
                    i = endOfText(bytes, i, to);
                    if (i < to) {
                        bareBreak |= bytes[i] == '\n';
                        state = bytes[i] == '\r' ? State.CR : State.TEXT;
                        i++;
                    }
                }
                case CR -> {
                    bareBreak |= b != '\n';
                    state = b == '\n' ? State.LINE_START : State.TEXT;
                    i += b == '\n' ? 1 : 0;
                }
                case END -> throw new IllegalStateException("read beyond the end of the message");
            }
        }
        keep(bytes, kept, to);
        return to - from;
    }

    private static int endOfText(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    private void keep(byte[] bytes, int from, int to) throws IOException {
        size += to - from;
        if (size <= maxSize) {
            out.write(bytes, from, to - from);
        }
    }

    boolean ended() {
        return state == State.END;
    }

    boolean tooBig() {
        return size > maxSize;
    }

    /// A CR without LF, or a LF without CR, stood somewhere.
    boolean bareBreak() {
        return bareBreak;
    }
}
