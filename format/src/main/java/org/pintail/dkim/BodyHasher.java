package org.pintail.dkim;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One canonicalisation of a body, streamed into the digests that want it (RFC 6376 §3.4.3, §3.4.4). State is kept between chunks, so
/// that where they are cut does not matter; memory does not depend on the body. A lone LF ends a line, a lone CR is a byte like others.
final class BodyHasher {
    private static final int BUFFER = 8192;
    private final boolean relaxed;
    private final List<Sink> sinks = new ArrayList<>();
    private final byte[] out = new byte[BUFFER];
    private int filled;
    private long total;
    private long lineEnds; // seen and not passed on: trailing ones do not count
    private boolean carriageReturn;
    private boolean space;

    private static final class Sink {
        private final BodyHash.Kind kind;
        private final MessageDigest digest;
        private long left;

        Sink(BodyHash.Kind kind) {
            this.kind = kind;
            this.digest = Digests.of(kind.digest());
            @Nullable Long length = kind.length();
            this.left = length == null ? Long.MAX_VALUE : length;
        }
    }

    /// All of `kinds` have this canonicalisation.
    BodyHasher(Canonicalization canonicalization, List<BodyHash.Kind> kinds) {
        this.relaxed = canonicalization == Canonicalization.RELAXED;
        kinds.forEach(kind -> sinks.add(new Sink(kind)));
    }

    void update(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            byte b = bytes[at];
            if (b == '\n') {
                carriageReturn = false;
                space = false;
                lineEnds++;
                at++;
            } else if (b == '\r') {
                bareReturn();
                carriageReturn = true;
                at++;
            } else if (relaxed && (b == ' ' || b == '\t')) {
                bareReturn();
                space = true;
                at++;
            } else {
                bareReturn();
                at = text(bytes, at, end);
            }
        }
    }

    /// Passes on a run of bytes that stay as they are.
    private int text(byte[] bytes, int from, int end) {
        before();
        int at = from;
        while (at < end) {
            byte b = bytes[at];
            if (b <= ' ' && b >= 0 && (b == '\n' || b == '\r' || relaxed && (b == ' ' || b == '\t'))) {
                break;
            }
            if (filled == BUFFER) {
                flush();
            }
            out[filled++] = b;
            at++;
        }
        return at;
    }

    private void bareReturn() {
        if (carriageReturn) {
            carriageReturn = false;
            before();
            emit((byte) '\r');
        }
    }

    /// What stands before the next byte: the line ends that turned out to be inside the body, and white space as one space.
    private void before() {
        for (; lineEnds > 0; lineEnds--) {
            emit((byte) '\r');
            emit((byte) '\n');
        }
        if (space) {
            space = false;
            emit((byte) ' ');
        }
    }

    private void emit(byte b) {
        if (filled == BUFFER) {
            flush();
        }
        out[filled++] = b;
    }

    private void flush() {
        for (var sink : sinks) {
            int count = (int) Math.min(filled, sink.left);
            sink.digest.update(out, 0, count);
            sink.left -= count;
        }
        total += filled;
        filled = 0;
    }

    /// Simple: one CRLF ends every body, an empty one as well. Relaxed: an empty body stays empty.
    void finish(Map<BodyHash.Kind, BodyHash> hashes) {
        bareReturn();
        if (!relaxed || total + filled > 0) {
            emit((byte) '\r');
            emit((byte) '\n');
        }
        flush();
        for (var sink : sinks) {
            @Nullable Long length = sink.kind.length();
            long hashed = length == null ? total : Math.min(length, total);
            hashes.put(sink.kind, new BodyHash(Base64.getEncoder().encodeToString(sink.digest.digest()), hashed, total));
        }
    }
}
