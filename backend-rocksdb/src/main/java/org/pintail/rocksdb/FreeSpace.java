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
    private final List<FileStore> disks = new ArrayList<>();

    FreeSpace(Path... directories) throws IOException {
        for (var directory : directories) {
            disks.add(Files.getFileStore(directory));
        }
    }

    /// Throws [StoreException.Full].
    void check() {
        for (var disk : disks) {
            try {
                if (disk.getUsableSpace() < Math.min(RESERVE, disk.getTotalSpace() / 20)) {
                    throw new StoreException.Full("the disk of the store is full", new IOException(disk + " has no room left"));
                }
            } catch (IOException e) {
                throw new StoreException.Unavailable("cannot ask for free space: " + e.getMessage(), e);
            }
        }
    }
}
