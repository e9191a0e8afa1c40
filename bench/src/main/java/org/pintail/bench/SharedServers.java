package org.pintail.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What nodes share: databases of a run's own on the MongoDB server of `--mongodb` (dropped at the end), and a Redis started here.
record SharedServers(Options options, Path directory, String run, int redisPort, Process redis) implements AutoCloseable {
    private static final Path REDIS = Path.of("/usr/bin/redis-server");

    /// Why it cannot be, or "".
    static String missing(Options options) {
        if (options.mongodb().isEmpty()) {
            return "expected --mongodb mongodb://host/database";
        }
        return Files.isExecutable(REDIS) ? "" : "redis-server is not installed";
    }

    static SharedServers start(Options options, Path directory) throws IOException {
        int port = Ports.free();
        var redis = Tool.start(
                directory.resolve("redis.log"),
                List.of(REDIS.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        Ports.awaitListener(port);
        return new SharedServers(options, directory, "bench-" + UUID.randomUUID().toString().substring(0, 8), port, redis);
    }

    String database(String name) {
        return run + "-" + name;
    }

    /// The URL of `--mongodb` with another database.
    String url(String name) {
        var parts = options.mongodb().split("(?<!/)/(?!/)|(?=\\?)", 3);
        var query = parts[parts.length - 1].startsWith("?") ? parts[parts.length - 1] : "";
        return parts[0] + "/" + database(name) + query;
    }

    /// What a Pintail node is told.
    List<String> keys() {
        var keys = new ArrayList<String>();
        keys.add("store.engine=mongodb");
        keys.add("store.url=" + url("pintail"));
        keys.add("store.queue-database=" + database("queue"));
        keys.add("cluster.engine=redis");
        keys.add("cluster.url=redis://127.0.0.1:" + redisPort);
        return keys;
    }

    @Override
    public void close() throws IOException {
        Tool.end(redis);
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jars = options.jars() + "/*" + File.pathSeparator + System.getProperty("java.class.path");
        Tool.run(directory.resolve("drop.log"), List.of(java, "-cp", jars, "org.pintail.bench.DropDatabases", options.mongodb(), run));
    }
}
