package org.pintail.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// What a client has compressed (RFC 4978), expanded as it is read: limits of lines and literals count what comes out. What comes out beyond
/// [#RATIO] times what came in is on credit, and the credit ends.
final class InflatedInput extends InputStream {
    private static final int SIZE = 1024;
    static final int RATIO = 64;
    static final long CREDIT = 128L << 20;
    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] compressed = new byte[SIZE];
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
        int count = in.read(compressed, 0, compressed.length);
        if (count < 0) {
            return false;
        }
        inflater.setInput(compressed, 0, count);
        credit = Math.min(CREDIT, credit + (long) RATIO * count);
        return true;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
