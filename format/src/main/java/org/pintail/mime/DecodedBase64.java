package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The decoded bytes of a base64 body. Its size is counted once; reading decodes from the start and skips.
final class DecodedBase64 implements Source {
    private static final int SMALL = 128 * 1024;
    private final Source encoded;
    private final long size;

    private DecodedBase64(Source encoded, long size) {
        this.encoded = encoded;
        this.size = size;
    }

    /// Small ones are decoded here, once.
    static Source of(Source encoded) throws IOException {
        if (encoded.size() <= SMALL) {
            try (var in = decoded(encoded)) {
                return Source.of(in.readAllBytes());
            }
        }
        try (var in = decoded(encoded)) {
            return new DecodedBase64(encoded, in.transferTo(OutputStream.nullOutputStream()));
        }
    }

    private static InputStream decoded(Source encoded) throws IOException {
        return TransferEncoding.decode(encoded.open(), "base64");
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size);
        var in = decoded(encoded);
        in.skipNBytes(start);
        return new BoundedStream(in, Math.clamp(length, 0, size - start));
    }
}
