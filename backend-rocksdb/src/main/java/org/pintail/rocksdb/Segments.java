package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;

/// Append-only files of records `[magic, length, crc32c, bytes]`. Staged records get their places at once; [#write] brings them to the file with
/// one gathering write, [#sync] makes them durable. Only the committer stages and writes; anybody reads.
final class Segments implements AutoCloseable {
    static final int HEADER = 12;
    private static final int MAGIC = 0x50_4e_54_31;
    private static final int BUFFERS_AT_ONCE = 512;
    private final Path directory;
    private final long segmentBytes;
    private final ConcurrentSkipListMap<Integer, FileChannel> channels = new ConcurrentSkipListMap<>();
    private final List<ByteBuffer> staged = new ArrayList<>();
    private boolean unsynced; // a sync failed
    private int current;
    private long synced;
    private long written;
    private long end;
    final AtomicLong bytesWritten = new AtomicLong();
    final AtomicLong syncs = new AtomicLong();

    /// The segment was collected.
    static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone(String message) {
            super(message);
        }
    }

    private Segments(Path directory, long segmentBytes) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
    }

    /// Opens what is there, to be followed by [#recover]. `segment` and `length` are the last durable position; what stands behind it was
    /// never acknowledged and is cut.
    static Segments open(Path directory, long segmentBytes, int segment, long length) throws IOException {
        Files.createDirectories(directory);
        var segments = new Segments(directory, segmentBytes);
        try (var files = Files.list(directory)) {
            for (var file : files.filter(f -> f.toString().endsWith(".seg")).toList()) {
                int number = Integer.parseInt(file.getFileName().toString().replace(".seg", ""));
                if (number > segment) {
                    Files.delete(file);
                } else {
                    segments.channels.put(number, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
                }
            }
        }
        segments.current = segment;
        segments.end = length;
        return segments;
    }

    /// Writes bytes of the last segment that may be missing in the file, before [#recover].
    void restore(int segment, long at, byte[] bytes) throws IOException {
        if (segment == current) {
            channel(segment).write(ByteBuffer.wrap(bytes), at);
        }
    }

    /// Makes the end of the last segment what was acknowledged; called once, before anything else.
    void recover() throws IOException {
        var channel = channel(current);
        if (channel.size() < end) {
            throw new StoreException.Corrupt(file(current) + " ends at " + channel.size() + ", but " + end + " bytes were acknowledged");
        }
        channel.truncate(end);
        written = end;
        sync();
    }

    private Path file(int segment) {
        return directory.resolve(String.format(java.util.Locale.ROOT, "%08d.seg", segment));
    }

    private FileChannel channel(int segment) throws IOException {
        var open = channels.get(segment);
        if (open != null) {
            return open;
        }
        var made = FileChannel.open(file(segment), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channels.put(segment, made);
        try (var folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true); // the new name itself must survive
        }
        return made;
    }

    /// Gives the bytes a place; they are written with the group. Rolls to a new segment when this one is full.
    Place stage(byte[]... parts) throws IOException {
        if (unsynced) {
            throw new SyncFailed(file(current) + " could not be synced; the store takes no more messages until it is opened again", null);
        }
        int length = 0;
        var crc = new CRC32C();
        for (var part : parts) {
            length = Math.addExact(length, part.length);
            crc.update(part);
        }
        if (end > 0 && end + HEADER + length > segmentBytes) {
            write();
            sync();
            current++;
            written = 0;
            synced = 0;
            end = 0;
            channel(current);
        }
        var header = ByteBuffer.allocate(HEADER).putInt(MAGIC).putInt(length).putInt((int) crc.getValue()).flip();
        staged.add(header);
        for (var part : parts) {
            staged.add(ByteBuffer.wrap(part));
        }
        var place = new Place(current, end + HEADER, length);
        end += HEADER + length;
        return place;
    }

    boolean hasStaged() {
        return !staged.isEmpty();
    }

    /// Writes what is staged at its places. On failure (disk full) nothing of it stays staged and the end is where it was.
    void write() throws IOException {
        if (staged.isEmpty()) {
            return;
        }
        var channel = channel(current);
        try {
            channel.position(written);
            var buffers = staged.toArray(ByteBuffer[]::new);
            int first = 0;
            while (first < buffers.length) {
                channel.write(buffers, first, Math.min(BUFFERS_AT_ONCE, buffers.length - first));
                while (first < buffers.length && !buffers[first].hasRemaining()) {
                    first++;
                }
            }
            bytesWritten.addAndGet(end - written);
            written = end;
        } catch (IOException e) {
            end = written;
            channel.truncate(written);
            throw e;
        } finally {
            staged.clear();
        }
    }

    /// After a failed sync nobody knows which pages are on disk, and a second sync would not tell: nothing more is taken.
    void sync() throws IOException {
        try {
            channel(current).force(false);
        } catch (IOException e) {
            unsynced = true;
            throw new SyncFailed(file(current) + " cannot be synced: " + e.getMessage(), e);
        }
        synced = written;
        syncs.incrementAndGet();
    }

    /// Whether what stands in `segment` before `position` is on disk. Segments that were left behind are.
    boolean isSynced(int segment, long position) {
        return segment < current || position <= synced;
    }

    /// The disk does not say that it has the bytes.
    static final class SyncFailed extends IOException {
        private static final long serialVersionUID = 1L;

        SyncFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// What to tell those whose records could not be written.
    static StoreException failed(IOException e) {
        var text = "cannot write to the store: " + e.getMessage();
        return e instanceof SyncFailed ? new StoreException.Unavailable(text, e) : new StoreException.Full(text, e);
    }

    /// Where the next record would go.
    record End(int segment, long position) {}

    End end() {
        return new End(current, end);
    }

    /// Forgets what was staged or written since `before`. A segment begun since then begins anew; the one before it stays longer than it need be.
    void rollBack(End before) {
        staged.clear();
        written = current == before.segment ? Math.min(written, before.position) : 0;
        synced = Math.min(synced, written);
        end = written;
    }

    /// Where the first staged record goes.
    End written() {
        return new End(current, written);
    }

    /// What is staged, as it will stand in the file.
    byte[] stagedBytes(int length) {
        var all = ByteBuffer.allocate(length);
        staged.forEach(buffer -> all.put(buffer.duplicate()));
        return all.array();
    }

    /// Checks the record's frame and gives its bytes.
    byte[] read(Place place) throws IOException {
        var record = ByteBuffer.allocate(HEADER + place.length());
        readFully(place.segment(), place.offset() - HEADER, record);
        record.flip();
        int magic = record.getInt();
        int length = record.getInt();
        int sum = record.getInt();
        var bytes = new byte[place.length()];
        record.get(bytes);
        var crc = new CRC32C();
        crc.update(bytes);
        if (magic != MAGIC || length != place.length() || (int) crc.getValue() != sum) {
            throw new StoreException.Corrupt("record at " + file(place.segment()) + " offset " + place.offset() + " is damaged");
        }
        return bytes;
    }

    /// The first `count` bytes of a record, unchecked: for the small part at its front.
    byte[] readHead(Place place, int count) throws IOException {
        var bytes = ByteBuffer.allocate(Math.min(count, place.length()));
        readFully(place.segment(), place.offset(), bytes);
        return bytes.array();
    }

    private void readFully(int segment, long at, ByteBuffer into) throws IOException {
        var channel = channelFor(segment);
        long position = at;
        while (into.hasRemaining()) {
            int count = channel.read(into, position);
            if (count < 0) {
                throw new StoreException.Corrupt(file(segment) + " ends before " + (at + into.limit()));
            }
            position += count;
        }
    }

    FileChannel channelFor(int segment) {
        var open = channels.get(segment);
        if (open == null) {
            throw new Gone(file(segment) + " is not there");
        }
        return open;
    }

    List<Integer> sealed() {
        return channels.keySet().stream().filter(s -> s < current).toList();
    }

    int count() {
        return channels.size();
    }

    boolean has(int segment) {
        return channels.containsKey(segment);
    }

    /// Bytes of all files, dead or alive.
    long bytes() {
        long bytes = 0;
        for (int segment : channels.keySet()) {
            try {
                bytes += size(segment);
            } catch (IOException | Gone e) {
                // it goes just now
                continue;
            }
        }
        return bytes;
    }

    long size(int segment) throws IOException {
        return channelFor(segment).size();
    }

    /// Removes a segment's file; sources that are open on it read on until `close` is called on what is returned.
    @Nullable FileChannel drop(int segment) throws IOException {
        var channel = channels.remove(segment);
        Files.deleteIfExists(file(segment));
        return channel;
    }

    @Override
    public void close() throws IOException {
        for (var channel : channels.values()) {
            channel.close();
        }
    }
}
