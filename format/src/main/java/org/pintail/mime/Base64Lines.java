package org.pintail.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/// Bytes as base64 in lines of `lineLength` characters ended by CRLF (RFC 2045 §6.8), the last one ended by CRLF only if `finalBreak`.
/// Reads from any place: whole lines before it are skipped by arithmetic.
final class Base64Lines implements Source {
    private final Source decoded;
    private final int lineLength;
    private final boolean finalBreak;
    private final long size;

    Base64Lines(Source decoded, int lineLength, boolean finalBreak) {
        this.decoded = decoded;
        this.lineLength = lineLength;
        this.finalBreak = finalBreak;
        long characters = (decoded.size() + 2) / 3 * 4;
        long lines = (characters + lineLength - 1) / lineLength;
        this.size = characters + 2 * lines - (finalBreak || lines == 0 ? 0 : 2);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size);
        long line = start / (lineLength + 2);
        var encoder = new Encoder(line, Math.clamp(length, 0, size - start));
        encoder.skipNBytes(start - line * (lineLength + 2));
        encoder.limit(Math.clamp(length, 0, size - start));
        return encoder;
    }

    /// Encodes a batch of lines at a time.
    private final class Encoder extends InputStream {
        private static final int LINES = 200;
        private final int bytesPerLine = lineLength / 4 * 3;
        private final InputStream in;
        private long left = Long.MAX_VALUE;
        private ByteArrayInputStream batch = new ByteArrayInputStream(new byte[0]);
        private long encoded;

        Encoder(long firstLine, long hint) throws IOException {
            encoded = firstLine * bytesPerLine;
            long bytes = Math.max(0, decoded.size() - encoded);
            in = decoded.open(encoded, Math.min(bytes, hint + 2L * bytesPerLine * LINES));
        }

        void limit(long bytes) {
            left = bytes;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0 || !fill()) {
                return -1;
            }
            left--;
            return batch.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left <= 0 || !fill()) {
                return -1;
            }
            int count = batch.read(into, from, (int) Math.min(length, left));
            left -= count;
            return count;
        }

        private boolean fill() throws IOException {
            if (batch.available() > 0) {
                return true;
            }
            var bytes = in.readNBytes(bytesPerLine * LINES);
            if (bytes.length == 0) {
                return false;
            }
            encoded += bytes.length;
            batch = new ByteArrayInputStream(lines(bytes, encoded >= decoded.size()));
            return true;
        }

        private byte[] lines(byte[] bytes, boolean last) {
            var text = Base64.getEncoder().encode(bytes);
            int count = (text.length + lineLength - 1) / lineLength;
            var out = new byte[text.length + 2 * count - (last && !finalBreak ? 2 : 0)];
            int to = 0;
            for (int from = 0; from < text.length; from += lineLength) {
                int n = Math.min(lineLength, text.length - from);
                System.arraycopy(text, from, out, to, n);
                to += n;
                if (to < out.length) {
                    out[to++] = '\r';
                    out[to++] = '\n';
                }
            }
            return out;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
