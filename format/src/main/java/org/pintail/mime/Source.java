package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// Bytes of known length that can be read any number of times, from any place: a message or a part of one.
/// Reading may block on a disk. Implementations are safe to read from several threads at once.
public interface Source {
    /// Length in bytes.
    long size();

    /// The bytes from `from` (0-based) on, at most `length` of them; fewer when the source ends before. The caller closes it.
    InputStream open(long from, long length) throws IOException;

    default InputStream open() throws IOException {
        return open(0, size());
    }

    default byte[] readAll() throws IOException {
        try (var in = open()) {
            return in.readAllBytes();
        }
    }

    default byte[] read(long from, long length) throws IOException {
        try (var in = open(from, length)) {
            return in.readAllBytes();
        }
    }

    default void writeTo(OutputStream out) throws IOException {
        try (var in = open()) {
            in.transferTo(out);
        }
    }

    /// The same bytes as `other`.
    default boolean hasBytesOf(Source other) throws IOException {
        if (size() != other.size()) {
            return false;
        }
        try (var ours = open();
                var theirs = other.open()) {
            var left = new byte[8192];
            var right = new byte[left.length];
            while (true) {
                int n = ours.readNBytes(left, 0, left.length);
                int m = theirs.readNBytes(right, 0, right.length);
                if (!Arrays.equals(left, 0, n, right, 0, m)) {
                    return false;
                }
                if (n == 0) {
                    return true;
                }
            }
        }
    }

    /// The part of this source from `from` to `from + length`, both cut to its size.
    default Source slice(long from, long length) {
        return new SourceSlice(this, from, length);
    }

    static Source of(byte[] bytes) {
        return new ByteSource(bytes);
    }

    /// `first` followed by `second`, without copying either.
    static Source concat(Source first, Source second) {
        return new JoinedSource(first, second);
    }
}
