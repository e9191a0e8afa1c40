package org.pintail.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.Store;
import org.pintail.rocksdb.RocksStore;

/// A store as the command line names it: `rocksdb:DIR` or `mongodb://host/database`.
record StoreAddress(String text) {
    private static final String ROCKSDB = "rocksdb:";

    StoreAddress {
        if (!text.startsWith(ROCKSDB) && !isMongo(text)) {
            throw new ConfigError("\"" + text + "\": expected rocksdb:DIR or mongodb://host/database");
        }
    }

    private static boolean isMongo(String text) {
        return text.startsWith("mongodb://") || text.startsWith("mongodb+srv://");
    }

    /// Opens it; `new` databases and directories are made unless it is only to be read from.
    Store open(Config config, boolean reading) {
        if (isMongo(text)) {
            return MongoEngine.open(config, text, new LocalCluster(Clock.systemUTC()));
        }
        var directory = Path.of(text.substring(ROCKSDB.length()));
        if (reading && !Files.isDirectory(directory)) {
            throw new ConfigError(text + ": expected the directory of a store");
        }
        return RocksStore.open(RocksStore.Settings.at(directory), Clock.systemUTC());
    }

    /// For messages: without a password.
    String shown() {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        return scheme >= 0 && at > scheme ? text.substring(0, scheme + 3) + "…" + text.substring(at) : text;
    }
}
