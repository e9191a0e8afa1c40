package org.pintail.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection, the four databases on it, and their collections with the indexes of [Declared].
final class Databases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Databases.class);
    private static final int CONNECT_SECONDS = 5;
    private static final Set<Integer> EXISTS_ALREADY = Set.of(48);
    private static final Set<Integer> OTHER_OPTIONS = Set.of(85, 86);
    private static final int NO_SUCH_COMMAND = 59;
    private final MongoSettings settings;
    private final MongoClient client;

    /// Without read time-out: its callers are watched by [Deadlines].
    private final MongoClient watched;

    private final Deadlines deadlines;
    private final Map<String, Table> tables = new ConcurrentHashMap<>();
    private volatile boolean knowsHello = true;

    private Databases(MongoSettings settings, @Nullable CommandListener listener) {
        this.settings = settings;
        long patience = settings.patience().toMillis();
        var options = MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(settings.url()))
                .applicationName("pintail")
                .writeConcern(WriteConcern.MAJORITY.withWTimeout(patience, TimeUnit.MILLISECONDS))
                .retryReads(true)
                .retryWrites(true)
                .applyToClusterSettings(c -> c.serverSelectionTimeout(patience, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(s -> s.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                        .readTimeout((int) patience, TimeUnit.MILLISECONDS));
        if (listener != null) {
            options.addCommandListener(listener);
        }
        this.client = MongoClients.create(options.build());
        this.watched = MongoClients.create(
                options.applyToSocketSettings(s -> s.readTimeout(0, TimeUnit.MILLISECONDS)).build());
        this.deadlines = new Deadlines(settings.patience().multipliedBy(2)); // finding a server, and its answer
    }

    /// Connects and makes what is missing.
    static Databases open(MongoSettings settings, @Nullable CommandListener listener) {
        var databases = new Databases(settings, listener);
        try {
            databases.make();
            return databases;
        } catch (MongoException e) {
            databases.close();
            throw Failures.told(e);
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    private void make() {
        var made = new HashSet<String>();
        for (var index : Declared.all()) {
            if (made.add(index.collection()) && Declared.COMPRESSED.contains(index.collection())) {
                makeCompressed(index);
            }
            makeIndex(index);
        }
    }

    private void makeCompressed(Declared.Index index) {
        var engine = Document.of("wiredTiger", Document.of("configString", "block_compressor=zlib"));
        try {
            database(index.place()).runCommand(Wire.bson(Document.of("create", index.collection(), "storageEngine", engine)));
        } catch (MongoCommandException e) {
            if (!EXISTS_ALREADY.contains(e.getErrorCode())) {
                throw e;
            }
        }
    }

    /// An index of that name with other options stays as it is: it came with the database.
    void makeIndex(Declared.Index index) {
        if (index.expires() && !settings.expiring()) {
            return;
        }
        var spec = Document.of("key", index.keys(), "name", index.name()).with(index.options());
        var command = Document.of("createIndexes", index.collection(), "indexes", List.of(spec));
        try {
            database(index.place()).runCommand(Wire.bson(command));
        } catch (MongoCommandException e) {
            if (!OTHER_OPTIONS.contains(e.getErrorCode())) {
                throw e;
            }
            LOG.warn("index kept as it is collection={} index={} error={}", index.collection(), index.name(), e.getErrorMessage());
        }
    }

    private MongoDatabase database(Declared.Place place) {
        return database(client, place);
    }

    private MongoDatabase database(MongoClient through, Declared.Place place) {
        return through.getDatabase(
                switch (place) {
                    case MAIN -> settings.main();
                    case USERS -> settings.users();
                    case FILES -> settings.files();
                    case QUEUE -> settings.queue();
                });
    }

    /// Every collection there is, with the number of its documents.
    Map<String, Long> collections() {
        try {
            var counts = new TreeMap<String, Long>();
            for (var name : new TreeSet<>(List.of(settings.main(), settings.users(), settings.files(), settings.queue()))) {
                var database = client.getDatabase(name);
                for (var collection : database.listCollectionNames()) {
                    counts.merge(collection, database.getCollection(collection).countDocuments(), Long::sum);
                }
            }
            return counts;
        } catch (MongoException e) {
            throw Failures.told(e);
        }
    }

    Table table(String collection) {
        return table(Declared.placeOf(collection), collection);
    }

    Table table(Declared.Place place, String collection) {
        return tables.computeIfAbsent(
                place + "/" + collection,
                _ -> new Table(
                        database(client, place).getCollection(collection, RawBsonDocument.class),
                        database(watched, place).getCollection(collection, RawBsonDocument.class),
                        deadlines,
                        settings.patience()));
    }

    /// The server answers.
    void ping() {
        try {
            database(Declared.Place.MAIN).runCommand(Wire.bson(Document.of("ping", 1)));
        } catch (MongoException e) {
            throw Failures.told(e);
        }
    }

    /// The time of the server, as `hello` tells it; servers before 4.4.2 know that as `isMaster`.
    Instant time() {
        try {
            return time(knowsHello ? "hello" : "isMaster");
        } catch (MongoCommandException e) {
            if (!knowsHello || e.getErrorCode() != NO_SUCH_COMMAND) {
                throw Failures.told(e);
            }
            knowsHello = false;
            return time();
        } catch (MongoException e) {
            throw Failures.told(e);
        }
    }

    private Instant time(String command) {
        var told = database(Declared.Place.MAIN).runCommand(Wire.bson(Document.of(command, 1)), BsonDocument.class);
        return Instant.ofEpochMilli(told.getDateTime("localTime").getValue());
    }

    /// Removes the databases: for tests.
    void drop() {
        for (var place : Declared.Place.values()) {
            database(place).drop();
        }
    }

    @Override
    public void close() {
        deadlines.close();
        watched.close();
        client.close();
    }
}
