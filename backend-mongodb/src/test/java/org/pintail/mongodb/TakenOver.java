package org.pintail.mongodb;

import com.mongodb.client.MongoClients;
import java.time.Clock;
import java.time.Duration;
import org.bson.BsonDocument;
import org.pintail.backend.Document;
import org.pintail.backend.LocalCluster;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Rendering;

/// A store over what WildDuck left in its databases, with everything in one but the queue, as WildDuck has it by default.
record TakenOver(TestServer server, MongoStore store, Mail mail) implements AutoCloseable {
    /// Of documents by collection.
    static TakenOver of(BsonDocument main, BsonDocument queue, Clock clock) {
        var server = TestServer.start();
        var settings = server.settings();
        put(settings.url(), settings.main(), main);
        put(settings.url(), settings.queue(), queue);
        var one = new MongoSettings(
                settings.url(), settings.main(), settings.main(), settings.main(), settings.queue(), Duration.ofSeconds(5),
                Duration.ofSeconds(5), false);
        Renderer renderer = (message, stored) -> {
            var made = Rendering.of(
                    message, "example.com", stored.instant("idate").orElseThrow(), stored.document("meta").orElse(Document.EMPTY));
            return new Renderer.Rendered(made.envelope(), made.bodyStructure(), made.partMap(), made.details());
        };
        var store = MongoStore.open(one, new MongoStore.Surroundings(clock, renderer, new LocalCluster(clock)));
        return new TakenOver(server, store, new Mail(store, MailSettings.defaults("example.com"), clock));
    }

    private static void put(String url, String database, BsonDocument collections) {
        try (var client = MongoClients.create(url)) {
            collections.forEach((collection, documents) -> {
                var found = documents.asArray().stream().map(d -> d.asDocument()).toList();
                if (!found.isEmpty()) {
                    client.getDatabase(database).getCollection(collection, BsonDocument.class).insertMany(found);
                }
            });
        }
    }

    @Override
    public void close() {
        server.close(store);
    }
}
