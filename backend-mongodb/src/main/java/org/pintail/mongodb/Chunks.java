package org.pintail.mongodb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mime.Source;

/// The chunks of a GridFS file: pieces of 255 KiB in a collection of their own, by the id of the file and a number.
final class Chunks {
    static final int SIZE = 261_120;
    private final Table table;

    Chunks(Table table) {
        this.table = table;
    }

    static int count(long length) {
        return (int) ((length + SIZE - 1) / SIZE);
    }

    /// Writes what is not there yet. False when a chunk with other bytes stands in the way.
    boolean write(Object file, Source content) throws IOException {
        try (var in = content.open()) {
            int n = 0;
            for (var bytes = in.readNBytes(SIZE); bytes.length > 0; bytes = in.readNBytes(SIZE)) {
                if (!write(file, n++, Bytes.wrap(bytes))) {
                    return false;
                }
            }
            return true;
        }
    }

    private boolean write(Object file, int n, Bytes bytes) {
        try {
            table.insert(Document.of("_id", ObjectId.next(), "files_id", file, "n", n, "data", bytes));
            return true;
        } catch (StoreException.Duplicate there) {
            var found = read(file, n);
            return found == null || found.equals(bytes);
        }
    }

    private @Nullable Bytes read(Object file, int n) {
        return table.first(Document.of("files_id", file, "n", n))
                .map(d -> d.value("data") instanceof Bytes b ? b : Bytes.EMPTY)
                .orElse(null);
    }

    void delete(Object file) {
        table.deleteAll(Document.of("files_id", file));
    }

    /// The file, read chunk by chunk as it is needed.
    Source source(Object file, long length, int chunkSize) {
        return new Stored(file, length, chunkSize <= 0 ? SIZE : chunkSize);
    }

    private final class Stored implements Source {
        private final Object file;
        private final long length;
        private final int chunkSize;

        Stored(Object file, long length, int chunkSize) {
            this.file = file;
            this.length = length;
            this.chunkSize = chunkSize;
        }

        @Override
        public long size() {
            return length;
        }

        @Override
        public InputStream open(long from, long count) {
            long start = Math.clamp(from, 0, length);
            return new Stream(start, start + Math.clamp(count, 0, length - start));
        }

        /// Holds one chunk at a time.
        private final class Stream extends InputStream {
            private long at;
            private final long end;
            private InputStream current = new ByteArrayInputStream(new byte[0]);

            Stream(long at, long end) {
                this.at = at;
                this.end = end;
            }

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int most) throws IOException {
                if (most == 0) {
                    return 0;
                }
                if (at >= end) {
                    return -1;
                }
                int n = current.read(into, offset, (int) Math.min(most, end - at));
                if (n < 0) {
                    current = chunk(at);
                    n = current.read(into, offset, (int) Math.min(most, end - at));
                }
                at += n;
                return n;
            }
        }

        private InputStream chunk(long place) throws IOException {
            int n = (int) (place / chunkSize);
            var bytes = Chunks.this.read(file, n);
            int skip = (int) (place - (long) n * chunkSize);
            if (bytes == null || bytes.size() <= skip) {
                throw new IOException("chunk " + n + " of a stored file is missing");
            }
            return new ByteArrayInputStream(Arrays.copyOfRange(bytes.unsafeArray(), skip, bytes.size()));
        }
    }
}
