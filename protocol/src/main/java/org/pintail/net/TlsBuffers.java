package org.pintail.net;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/// Buffers for one TLS record, lent to whoever is working on one. Few connections are at any moment, so few are kept.
final class TlsBuffers {
    /// More than a record of 16 KiB with its header, padding and MAC: what JSSE asks for is 16,709.
    static final int SIZE = 17 * 1024;

    private static final int KEPT = 64;
    private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(KEPT);

    ByteBuffer take() {
        var buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocate(SIZE) : buffer.clear();
    }

    void give(ByteBuffer buffer) {
        idle.offer(buffer);
    }
}
