package org.pintail.mongodb;

import com.mongodb.event.CommandListener;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.ObjectId;

/// The server that tests run on: that of `PINTAIL_TEST_MONGODB_URL`, else one in this process. Databases have names of their own and are dropped.
final class TestServer {
    private final @Nullable MongoServer own;
    private final String url;
    private final String prefix = "pintail-test-" + ObjectId.next().hex();

    private TestServer(@Nullable MongoServer own, String url) {
        this.own = own;
        this.url = url;
    }

    static TestServer start() {
        var given = System.getenv("PINTAIL_TEST_MONGODB_URL");
        if (given != null && !given.isEmpty()) {
            return new TestServer(null, given);
        }
        var server = new MongoServer(new MemoryBackend().version(ServerVersion.MONGO_5_0));
        server.bind("127.0.0.1", 0);
        return new TestServer(server, "mongodb://127.0.0.1:" + server.getLocalAddress().getPort());
    }

    /// The same databases by another way.
    static TestServer at(String url) {
        return new TestServer(null, url);
    }

    String url() {
        return url;
    }

    MongoSettings settings() {
        return settings(Duration.ofMillis(500));
    }

    MongoSettings settings(Duration helping) {
        return new MongoSettings(
                url, prefix + "-main", prefix + "-users", prefix + "-files", prefix + "-queue", Duration.ofSeconds(5), helping, false);
    }

    MongoStore open(Clock clock) {
        return open(clock, null);
    }

    MongoStore open(Clock clock, @Nullable CommandListener listener) {
        return open(settings(), clock, listener);
    }

    MongoStore open(MongoSettings settings, Clock clock, @Nullable CommandListener listener) {
        Renderer none = (message, stored) -> new Renderer.Rendered(
                Bytes.wrap(new byte[] {'(', ')'}), Bytes.wrap(new byte[] {'(', ')'}), Bytes.EMPTY, Document.EMPTY);
        var surroundings = new MongoStore.Surroundings(clock, none, new LocalCluster(clock));
        return MongoStore.open(settings, surroundings, listener);
    }

    void close(MongoStore store) {
        store.databases().drop();
        store.close();
        if (own != null) {
            own.shutdownNow();
        }
    }
}
