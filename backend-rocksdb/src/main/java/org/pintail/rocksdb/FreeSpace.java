package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.StoreException;

/// Keeps some room on the store's disks: growing operations are refused before the disk is really full, so that deleting, flushing and
/// compacting still work, and everything goes on by itself when space returns.
final class FreeSpace {
    private static final long RESERVE = 64L << 20;
    private static final int SHARE = 20;
    private final List<FileStore> disks = new ArrayList<>();
    private final long reserve;

    /// `reserve` in bytes; 0 is a twentieth of each disk and at most 64 MiB; negative is none.
    FreeSpace(long reserve, Path... directories) throws IOException {
        this.reserve = reserve;
        for (var directory : directories) {
            var disk = Files.getFileStore(directory);
            if (!disks.contains(disk)) { // each is asked before every message
                disks.add(disk);
            }
        }
    }

    /// Throws [StoreException.Full].
    void check() {
        long room = room(1);
        if (room < 0 && reserve >= 0) {
            throw new StoreException.Full("the disk of the store is full", new IOException(-room + " bytes short of the reserve"));
        }
    }

    /// How much may be written to make room: half of the reserve may be used for that.
    long roomForCompaction() {
        return room(2);
    }

    private long room(int divisor) {
        long room = Long.MAX_VALUE;
        for (var disk : disks) {
            try {
                long kept = reserve != 0 ? reserve : Math.min(RESERVE, disk.getTotalSpace() / SHARE);
                room = Math.min(room, disk.getUsableSpace() - kept / divisor);
            } catch (IOException e) {
                throw new StoreException.Unavailable("cannot ask for free space: " + e.getMessage(), e);
            }
        }
        return room;
    }
}
