package org.pintail.mime;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// A [Source] over an array that nobody changes any more.
final class ByteSource implements Source {
    private final byte[] bytes;

    ByteSource(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public InputStream open(long from, long length) {
        int start = Math.clamp(from, 0, bytes.length);
        int count = Math.clamp(length, 0, bytes.length - start);
        return new ByteArrayInputStream(bytes, start, count);
    }

    @Override
    public byte[] readAll() {
        return bytes.clone();
    }
}
