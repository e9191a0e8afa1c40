package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;

/// The decoded bytes of a base64 body. Its size is counted once; reading decodes from the start and skips.
final class DecodedBase64 implements Source {
    private final Source encoded;
    private final long size;

    DecodedBase64(Source encoded) throws IOException {
        this.encoded = encoded;
        try (var in = TransferEncoding.decode(encoded.open(), "base64")) {
            this.size = in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size);
        var in = TransferEncoding.decode(encoded.open(), "base64");
        in.skipNBytes(start);
        return new BoundedStream(in, Math.clamp(length, 0, size - start));
    }
}
