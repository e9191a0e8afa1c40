package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;

/// A window on another [Source].
final class SourceSlice implements Source {
    private final Source whole;
    private final long start;
    private final long size;

    SourceSlice(Source whole, long from, long length) {
        this.whole = whole;
        this.start = Math.clamp(from, 0, whole.size());
        this.size = Math.clamp(length, 0, whole.size() - start);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long first = Math.clamp(from, 0, size);
        return whole.open(start + first, Math.clamp(length, 0, size - first));
    }
}
