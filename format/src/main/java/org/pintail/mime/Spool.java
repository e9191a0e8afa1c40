package org.pintail.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where a message gathers while it arrives: memory up to 1 MiB, then a temporary file that goes with [#close].
/// Write first, then read as a [Source]. One thread writes.
public final class Spool extends OutputStream implements Source {
    private static final int IN_MEMORY = 1 << 20;
    private static final int FIRST = 16 * 1024;
    private final Path directory;
    private byte[] bytes = new byte[0];
    private long size;
    private @Nullable Path file;
    private @Nullable RandomAccessFile onDisk;

    public Spool(Path directory) {
        this.directory = directory;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (onDisk == null && size + length > IN_MEMORY) {
            moveToDisk();
        }
        if (onDisk != null) {
            onDisk.write(from, offset, length);
        } else {
            int needed = (int) size + length;
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(IN_MEMORY, Math.max(needed, Math.max(FIRST, bytes.length * 2))));
            }
            System.arraycopy(from, offset, bytes, (int) size, length);
        }
        size += length;
    }

    private void moveToDisk() throws IOException {
        var path = Files.createTempFile(directory, "spool-", ".tmp");
        file = path;
        var opened = new RandomAccessFile(path.toFile(), "rw");
        onDisk = opened;
        opened.write(bytes, 0, (int) size);
        bytes = new byte[0];
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size);
        long count = Math.clamp(length, 0, size - start);
        if (onDisk == null) {
            return new ByteArrayInputStream(bytes, (int) start, (int) count);
        }
        return new ChannelStream(onDisk.getChannel(), start, count);
    }

    /// Forgets what was written; the spool can be filled again.
    public void reset() throws IOException {
        close();
        size = 0;
    }

    @Override
    public void close() {
        var path = file;
        if (path == null) {
            return;
        }
        file = null;
        try (var _ = onDisk) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit(); // it goes with the process at the latest
        }
        onDisk = null;
    }
}
