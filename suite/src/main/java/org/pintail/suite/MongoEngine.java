package org.pintail.suite;

import java.time.Clock;
import org.pintail.backend.Cluster;
import org.pintail.backend.Document;
import org.pintail.backend.Store;
import org.pintail.mail.Rendering;
import org.pintail.mongodb.MongoSettings;
import org.pintail.mongodb.MongoStore;
import org.pintail.mongodb.Renderer;

/// Opens the MongoDB engine as the configuration has it.
final class MongoEngine {
    private MongoEngine() {}

    static Store open(Config config, Cluster cluster) {
        var url = config.text("store.url");
        if (url.isEmpty()) {
            throw new ConfigError("store.url: expected mongodb://host/database, because store.engine is \"mongodb\"");
        }
        return open(config, url, cluster);
    }

    static Store open(Config config, String url, Cluster cluster) {
        var surroundings = new MongoStore.Surroundings(
                Clock.systemUTC(), renderer(config.text("server.hostname", Hostname.ofThisMachine())), cluster);
        return MongoStore.open(settings(config, url), surroundings);
    }

    private static MongoSettings settings(Config config, String url) {
        try {
            return MongoSettings.of(
                    url, config.text("store.users-database"), config.text("store.attachments-database"), config.text("store.queue-database"));
        } catch (IllegalArgumentException e) {
            throw new ConfigError("store.url: expected mongodb://host/database (" + e.getMessage() + ")");
        }
    }

    private static Renderer renderer(String hostname) {
        return (message, stored) -> {
            var meta = stored.document("meta").orElse(Document.EMPTY);
            var made = Rendering.of(message, hostname, stored.instant("idate").orElseGet(() -> stored.id().created()), meta);
            return new Renderer.Rendered(made.envelope(), made.bodyStructure(), made.partMap(), made.details());
        };
    }
}
