package org.pintail.net;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Compresses what is written (RFC 4978). A flush ends on a byte (RFC 1951 §3.2.4), so that the client can read all there is; what follows refers
/// to nothing before it, so that no compressor is held between batches of answers. Whoever closes may be another thread.
final class DeflatedOutput extends OutputStream {
    private static final int SIZE = 8192;
    private final OutputStream out;
    private final Deflaters deflaters;
    private @Nullable Deflater deflater;
    private byte[] compressed = {};

    DeflatedOutput(OutputStream out, Deflaters deflaters) {
        this.out = out;
        this.deflaters = deflaters;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        var with = deflater;
        if (with == null) {
            with = deflaters.take();
            deflater = with;
            compressed = new byte[SIZE];
        }
        with.setInput(bytes, from, length);
        while (!with.needsInput()) {
            out.write(compressed, 0, with.deflate(compressed, 0, SIZE, Deflater.NO_FLUSH));
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        var with = deflater;
        if (with != null) {
            int count;
            do {
                count = with.deflate(compressed, 0, SIZE, Deflater.SYNC_FLUSH);
                out.write(compressed, 0, count);
            } while (count == SIZE);
            deflater = null;
            compressed = new byte[0];
            deflaters.give(with);
        }
        out.flush();
    }

    /// Where what was compressed goes.
    OutputStream under() {
        return out;
    }

    /// Gives back what a batch that was not flushed holds.
    @Override
    public synchronized void close() {
        var with = deflater;
        if (with != null) {
            deflater = null;
            with.end();
        }
    }
}
