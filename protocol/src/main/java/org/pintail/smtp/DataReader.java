package org.pintail.smtp;

import java.io.EOFException;
import java.io.IOException;
import org.pintail.mime.Spool;
import org.pintail.net.Connection;

/// Reads a message after DATA, RFC 5321 §4.5.2: it ends with CRLF "." CRLF and with nothing else, and a dot in front of a line is taken away.
/// Bare CR and bare LF never count as a line break, so no two servers can disagree about where a message ends; they are noted.
final class DataReader {
    private static final int BLOCK = 16 * 1024;

    /// Where in a line break or dot sequence the last byte left us.
    private enum State {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR
    }

    private final Connection in;
    private final Spool out;
    private final long maxSize;
    private final byte[] block = new byte[BLOCK];
    private int used;
    private long size;
    private boolean bareBreak;

    DataReader(Connection in, Spool out, long maxSize) {
        this.in = in;
        this.out = out;
        this.maxSize = maxSize;
    }

    /// Reads to the end. What exceeds the size is read and thrown away.
    void read() throws IOException {
        var state = State.LINE_START;
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the client left in the middle of a message");
            }
            switch (state) {
                case LINE_START -> {
                    if (b == '.') {
                        state = State.DOT;
                    } else {
                        state = text(b);
                    }
                }
                case DOT -> {
                    if (b == '\r') {
                        state = State.DOT_CR;
                    } else {
                        state = text(b);
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        flush();
                        return;
                    }
                    put('\r');
                    bareBreak = true;
                    state = text(b);
                }
                case TEXT -> state = text(b);
                case CR -> {
                    if (b == '\n') {
                        put('\n');
                        state = State.LINE_START;
                    } else {
                        bareBreak = true;
                        state = text(b);
                    }
                }
            }
        }
    }

    private State text(int b) throws IOException {
        put(b);
        if (b == '\r') {
            return State.CR;
        }
        bareBreak |= b == '\n';
        return State.TEXT;
    }

    private void put(int b) throws IOException {
        if (used == BLOCK) {
            flush();
        }
        block[used++] = (byte) b;
    }

    private void flush() throws IOException {
        size += used;
        if (size <= maxSize) {
            out.write(block, 0, used);
        }
        used = 0;
    }

    boolean tooBig() {
        return size > maxSize;
    }

    /// A CR without LF, or a LF without CR, stood somewhere.
    boolean bareBreak() {
        return bareBreak;
    }
}
