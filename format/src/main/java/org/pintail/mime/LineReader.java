package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/// Reads a message line by line in one pass, remembering only what is asked for. A line ends in CRLF, LF or a lone CR.
final class LineReader {
    private static final int BUFFER = 16 * 1024;
    private final InputStream in;
    private final MessageDigest digest;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int filled;
    private long bufferStart;
    private byte[] kept = new byte[256];
    private int keptLength;
    private long start;
    private long end;
    private int breakLength;
    private boolean ended;

    LineReader(InputStream in, MessageDigest digest) {
        this.in = in;
        this.digest = digest;
    }

    /// Reads the next line, keeping up to `keep` bytes of it. False at the end.
    boolean next(int keep) throws IOException {
        start = bufferStart + at;
        keptLength = 0;
        breakLength = 0;
        while (true) {
            if (at == filled && !fill()) {
                end = bufferStart + at;
                return end > start;
            }
            int from = at;
            at = lineEnd(buffer, from, filled);
            keep(from, at, keep);
            if (at < filled) {
                endLine();
                return true;
            }
        }
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    private void endLine() throws IOException {
        byte first = buffer[at++];
        breakLength = 1;
        if (first == '\r' && (at < filled || fill()) && buffer[at] == '\n') {
            at++;
            breakLength = 2;
        }
        end = bufferStart + at;
    }

    private void keep(int from, int to, int limit) {
        int count = Math.min(to - from, limit - keptLength);
        if (count > 0) {
            if (keptLength + count > kept.length) {
                kept = Arrays.copyOf(kept, Math.max(keptLength + count, kept.length * 2));
            }
            System.arraycopy(buffer, from, kept, keptLength, count);
            keptLength += count;
        }
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        bufferStart += filled;
        at = 0;
        filled = 0;
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            ended = true;
            return false;
        }
        digest.update(buffer, 0, count);
        filled = count;
        return count > 0 || fill();
    }

    /// Offset of the first byte of the line.
    long start() {
        return start;
    }

    /// Offset after its line break.
    long end() {
        return end;
    }

    /// 0 for a last line without a break.
    int breakLength() {
        return breakLength;
    }

    boolean isEmpty() {
        return end - start == breakLength;
    }

    /// All of the line was kept.
    boolean isWhole() {
        return end - start - breakLength == keptLength;
    }

    /// The kept bytes of the line, [#keptLength] of them.
    byte[] kept() {
        return kept;
    }

    int keptLength() {
        return keptLength;
    }
}
