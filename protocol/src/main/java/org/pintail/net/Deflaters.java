package org.pintail.net;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.Deflater;

/// Compressors, lent for one batch of answers. Each holds 256 KB outside the heap: too much for a client that is silent.
final class Deflaters implements AutoCloseable {
    private static final int KEPT = 16;
    private final ArrayBlockingQueue<Deflater> idle = new ArrayBlockingQueue<>(KEPT);

    Deflater take() {
        var deflater = idle.poll();
        return deflater == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : deflater;
    }

    void give(Deflater deflater) {
        deflater.reset();
        if (!idle.offer(deflater)) {
            deflater.end();
        }
    }

    @Override
    public void close() {
        for (var deflater = idle.poll(); deflater != null; deflater = idle.poll()) {
            deflater.end();
        }
    }
}
