package org.pintail.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// What a client has compressed (RFC 4978), expanded as it is read: limits of lines and literals count what comes out. What comes out beyond
/// [#RATIO] times what came in is on credit, and the credit ends. Expands no further than to the next flush of the client: what comes behind it need
/// not be compressed any more ([#rest]).
final class InflatedInput extends InputStream {
    private static final int SIZE = 1024;
    static final int RATIO = 64;
    static final long CREDIT = 128L << 20;
    private static final int FLUSHED = 0x0000_FFFF; // RFC 1951 §3.2.4: what a flush ends with
    private static final int LONGEST_END = 16;
    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] compressed = new byte[SIZE];
    /// What of `compressed` the inflater has not been given.
    private int at;
    private int filled;
    /// The last four bytes it was given.
    private int latest = -1;
    private long credit = CREDIT;

    InflatedInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (true) {
                int count = inflater.inflate(into, from, length);
                if (count > 0) {
                    credit -= count;
                    if (credit < 0) {
                        throw new CompressionFailure("compressed input expands too much");
                    }
                    return count;
                }
                if (inflater.finished() || inflater.needsDictionary()) {
                    throw new CompressionFailure("compressed input has an end");
                }
                if (!refill()) {
                    return -1;
                }
            }
        } catch (DataFormatException e) {
            throw new CompressionFailure("compressed input is not DEFLATE");
        }
    }

    private boolean refill() throws IOException {
        if (at == filled) {
            int count = in.read(compressed, 0, compressed.length);
            if (count < 0) {
                return false;
            }
            at = 0;
            filled = count;
            credit = Math.min(CREDIT, credit + (long) RATIO * count);
        }
        int from = at;
        boolean flushed = false;
        while (at < filled && !flushed) {
            latest = latest << 8 | compressed[at++] & 0xff;
            flushed = latest == FLUSHED;
        }
        inflater.setInput(compressed, from, at - from);
        return true;
    }

    /// What the client sends after it has stopped compressing, which it did with a flush or with the end of its stream.
    InputStream rest() {
        return new InputStream() {
            private boolean ended;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                if (!ended && !skipEnd()) {
                    return -1;
                }
                ended = true;
                if (at == filled) {
                    return in.read(into, from, length);
                }
                int count = Math.min(length, filled - at);
                System.arraycopy(compressed, at, into, from, count);
                at += count;
                return count;
            }
        };
    }

    /// Reads what may still come of the last flush; false at the end of stream.
    private boolean skipEnd() throws IOException {
        at -= inflater.getRemaining();
        int skipped = 0;
        var none = new byte[1];
        try {
            while (latest != FLUSHED && !inflater.finished()) {
                if (at == filled && !more()) {
                    return false;
                }
                latest = latest << 8 | compressed[at] & 0xff;
                inflater.setInput(compressed, at++, 1);
                if (inflater.inflate(none) > 0 || ++skipped > LONGEST_END) {
                    throw new CompressionFailure("compressed input after its end");
                }
            }
        } catch (DataFormatException e) {
            throw new CompressionFailure("compressed input is not DEFLATE");
        }
        inflater.end();
        return true;
    }

    private boolean more() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(compressed, 0, compressed.length));
        return filled > 0;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
