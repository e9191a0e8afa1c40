package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The message put together from its skeleton and pieces, readable from any place without rebuilding what stands before it.
public final class Rebuilt implements Source {
    /// One stored piece: as [Cut.Piece], with a way to its stored bytes.
    public record Piece(int at, long encodedSize, int lineLength, boolean finalBreak, Source stored) {}

    public Rebuilt(Source skeleton, List<Piece> pieces) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        throw new UnsupportedOperationException();
    }
}
