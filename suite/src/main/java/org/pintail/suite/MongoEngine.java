package org.pintail.suite;

import java.time.Clock;
import org.pintail.backend.Counters;
import org.pintail.backend.Document;
import org.pintail.backend.Events;
import org.pintail.backend.LocalCounters;
import org.pintail.backend.LocalEvents;
import org.pintail.backend.Store;
import org.pintail.mail.Rendering;
import org.pintail.mongodb.MongoSettings;
import org.pintail.mongodb.MongoStore;
import org.pintail.mongodb.Renderer;

/// Opens the MongoDB engine as the configuration has it.
final class MongoEngine {
    private MongoEngine() {}

    static Store open(Config config) {
        var url = config.text("store.url");
        if (url.isEmpty()) {
            throw new ConfigError("store.url: expected mongodb://host/database, because store.engine is \"mongodb\"");
        }
        return open(config, url);
    }

    /// With events and counters of this process alone.
    static Store open(Config config, String url) {
        return open(config, url, new LocalEvents(), new LocalCounters(Clock.systemUTC()));
    }

    /// With events and counters that the nodes share.
    static Store open(Config config, String url, Events events, Counters counters) {
        var renderer = renderer(config.text("server.hostname", Hostname.ofThisMachine()));
        return MongoStore.open(settings(config, url), new MongoStore.Surroundings(Clock.systemUTC(), renderer, events, counters));
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
