package org.pintail.suite;

import java.nio.file.Path;
import java.time.Clock;
import org.pintail.backend.Cluster;
import org.pintail.backend.Store;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.rocksdb.RocksStore;

/// Opens the store that the configuration names.
final class StoreEngine {
    private StoreEngine() {}

    /// As [#open]; the cluster goes when the store cannot be had.
    static Store openOrClose(Config config, Path data, Cluster cluster) {
        try {
            return open(config, data, cluster);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    static Store open(Config config, Path data, Cluster cluster) {
        return switch (config.text("store.engine")) {
            case "memory" -> new MemoryStore(Clock.systemUTC(), cluster);
            case "mongodb" -> MongoEngine.open(config, cluster);
            default -> openRocks(config, data, cluster);
        };
    }

    private static Store openRocks(Config config, Path data, Cluster cluster) {
        var path = Path.of(config.text("store.path", data.resolve("store").toString()));
        var attachments = config.text("store.attachments-path");
        var defaults = RocksStore.Settings.at(path);
        return RocksStore.open(
                new RocksStore.Settings(
                        path, attachments.isEmpty() ? null : Path.of(attachments), defaults.segmentBytes()),
                Clock.systemUTC(),
                cluster);
    }
}
