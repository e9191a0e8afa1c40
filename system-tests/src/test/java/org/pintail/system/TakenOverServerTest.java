package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.testkit.WildDuckExport;

/// `pintail serve` over the databases of a WildDuck, as its users meet it: over IMAP, POP3 and HTTP, with what they knew before.
class TakenOverServerTest {
    @TempDir
    private Path directory;

    private final MongoServer mongo = new MongoServer(new MemoryBackend().version(ServerVersion.MONGO_5_0));

    /// Work with a server over these documents.
    private interface Visit {
        void to(ServerProcess server) throws IOException;
    }

    private void serve(BsonDocument main, BsonDocument queue, Visit visit) throws IOException {
        mongo.bind("127.0.0.1", 0);
        var url = "mongodb://127.0.0.1:" + mongo.getLocalAddress().getPort();
        try (var client = MongoClients.create(url)) {
            put(client.getDatabase("wildduck"), main);
            put(client.getDatabase("zone-mta"), queue);
        }
        try (var server = ServerProcess.start(
                directory, "store.engine=mongodb", "store.url=" + url + "/wildduck", "store.queue-database=zone-mta")) {
            visit.to(server);
        } finally {
            mongo.shutdownNow();
        }
    }

    private static void put(com.mongodb.client.MongoDatabase database, BsonDocument collections) {
        collections.forEach((collection, documents) -> {
            var found = documents.asArray().stream().map(d -> d.asDocument()).toList();
            if (!found.isEmpty()) {
                database.getCollection(collection, BsonDocument.class).insertMany(found);
            }
        });
    }

    private static boolean imap(ServerProcess server, String user, String password) throws IOException {
        try (var client = new LineClient(server.address("imap"))) {
            client.read();
            return client.imap("LOGIN \"" + user + "\" \"" + password + "\"").getLast().startsWith("x OK");
        }
    }

    private static boolean pop3(ServerProcess server, String user, String password) throws IOException {
        try (var client = new LineClient(server.address("pop3"))) {
            client.read();
            client.send("USER " + user);
            client.read();
            client.send("PASS " + password);
            return client.read().startsWith("+OK");
        }
    }

    /// Twice: after the first login the password is hashed anew.
    @Test
    void everyFormOfPasswordLogsIn() throws IOException {
        var all = BsonDocument.parse(WildDuckExport.read("formats.json"));
        var expected = Document.parse(WildDuckExport.read("formats-expected.json"));
        serve(all.getDocument("main"), all.getDocument("queue"), server -> {
            var formats = expected.get("formats", Document.class);
            assertThat(formats).hasSize(15);
            for (var format : formats.keySet()) {
                var user = formats.get(format, Document.class).getString("username");
                assertThat(imap(server, user, "x" + expected.getString("password"))).as(format).isFalse();
                assertThat(imap(server, user, expected.getString("password"))).as(format).isTrue();
                assertThat(pop3(server, user, expected.getString("password"))).as(format).isTrue();
            }
            for (var asp : expected.getList("asps", Document.class)) {
                boolean everywhere = asp.getList("scopes", String.class).contains("*");
                assertThat(imap(server, "asps", asp.getString("password"))).as(asp.getString("format")).isTrue();
                assertThat(pop3(server, "asps", asp.getString("password"))).as(asp.getString("format")).isEqualTo(everywhere);
            }
            for (var totp : expected.getList("totp", Document.class)) {
                assertThat(imap(server, totp.getString("username"), "secretvalue")).as(totp.getString("form")).isFalse();
                assertThat(imap(server, totp.getString("username"), totp.getString("asp"))).as(totp.getString("form")).isTrue();
            }
        });
    }

    @Test
    void theSameMailUnderTheSameNumbers() throws IOException {
        var database = BsonDocument.parse(WildDuckExport.read("database.json"));
        var expected = Document.parse(WildDuckExport.read("expected.json"));
        serve(database, new BsonDocument(), server -> {
            try (var client = new LineClient(server.address("imap")); var api = new ApiClient(server.address("api"))) {
                client.read();
                assertThat(client.imap("LOGIN alias@example.com secretvalue").getLast()).startsWith("x OK");
                var alice = expected.get("alice", Document.class).getString("id");
                assertThat(api.get("/users/resolve/alice").json().get("id").asString()).isEqualTo(alice);
                var boxes = expected.get("mailboxes", Document.class);
                for (var path : boxes.keySet()) {
                    var box = boxes.get(path, Document.class);
                    assertThat(api.mailbox(alice, path)).isEqualTo(box.getString("id"));
                    var was = database.getArray("mailboxes").stream()
                            .map(d -> d.asDocument())
                            .filter(d -> d.getObjectId("_id").getValue().toHexString().equals(box.getString("id")))
                            .findFirst()
                            .orElseThrow();
                    var selected = String.join("\n", client.imap("SELECT \"" + path + "\""));
                    assertThat(selected).contains("[UIDVALIDITY " + was.getNumber("uidValidity").longValue() + "]");
                    assertThat(selected).contains("[UIDNEXT " + was.getNumber("uidNext").longValue() + "]");
                    assertThat(selected).contains("* " + box.getInteger("total") + " EXISTS");
                    var at = "/users/" + alice + "/mailboxes/" + box.getString("id") + "/messages/";
                    for (var message : box.getList("messages", Document.class)) {
                        same(client, api, at + message.getInteger("uid"), message, expected.get("originals", Document.class));
                    }
                }
            }
        });
    }

    /// WildDuck's own trace fields stand in front of what was sent.
    private static void same(LineClient client, ApiClient api, String at, Document message, Document originals) throws IOException {
        var bytes = client.imapLiteral("UID FETCH " + message.getInteger("uid") + " (UID BODY.PEEK[])");
        var original = originals.getString(message.getString("key"));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).endsWith(original).hasSize(message.getInteger("size"));
        var shown = api.get(at).json();
        assertThat(shown.get("subject").asString()).isEqualTo(message.getString("subject"));
        assertThat(shown.get("thread").asString()).isEqualTo(message.getString("thread"));
        assertThat(shown.get("seen").asBoolean()).isEqualTo(message.getBoolean("seen"));
        assertThat(api.get(at + "/message.eml").body()).isEqualTo(bytes);
        for (var attachment : message.getList("attachments", Document.class, List.of())) {
            var file = api.get(at + "/attachments/" + attachment.getString("id"));
            assertThat(sha256(file.body())).as(attachment.getString("filename")).isEqualTo(attachment.getString("sha256"));
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
