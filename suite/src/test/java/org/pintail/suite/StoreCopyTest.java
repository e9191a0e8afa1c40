package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Samples;
import org.pintail.backend.Store;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;
import org.pintail.rocksdb.RocksStore;

/// An installation moves from the embedded store to MongoDB and back, and is the same afterwards.
class StoreCopyTest {
    @TempDir
    Path directory;

    private final MongoServer server = new MongoServer(new MemoryBackend().version(ServerVersion.MONGO_5_0));

    StoreCopyTest() {
        server.bind("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private String rocks(String name) {
        return "rocksdb:" + directory.resolve(name);
    }

    private String mongo() {
        return "mongodb://127.0.0.1:" + server.getLocalAddress().getPort() + "/mail";
    }

    private static Config config() {
        return ConfigReader.read(Path.of("no such file"), Map.of(), List.of());
    }

    private static Store open(String address) {
        return new StoreAddress(address).open(config(), false);
    }

    private static void fill(Store store) throws IOException {
        var mail = new Mail(store, MailSettings.defaults("example.com"), Clock.systemUTC());
        for (var name : List.of("alice", "bob")) {
            var account = mail.accounts().create(Accounts.New.of(name, "secret value", name + "@example.com"));
            var boxes = mail.folders().list(account.id());
            for (int i = 0; i < 12; i++) {
                var text = "From: a@b.c\r\nSubject: " + i + "\r\nMessage-ID: <" + name + i + "@x>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\n\r\ntext " + i + "\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + "QUJD".repeat(19).concat("\r\n").repeat(100) + "\r\n--b--\r\n" + (i % 3 == 0 ? "after\n" : "");
                mail.mailstore().append(Source.of(text.getBytes(StandardCharsets.US_ASCII)), new Mailstore.Placement(
                        account, boxes.get(i % boxes.size()).id(), Flags.of(i % 2 == 0 ? List.of("\\Seen", "k" + i) : List.of()), null,
                        i % 4 == 0 ? Samples.ascii("Return-Path: <x@y>\r\n") : new byte[0], Document.EMPTY, true, null));
            }
            store.messages().expunge(boxes.getFirst().id(), List.of(1L), null);
            store.messages().copy(boxes.get(1).id(), List.of(1L), boxes.get(2).id(), 0, null);
        }
        var now = Clock.systemUTC().instant();
        store.queue().enqueue(List.of(
                Samples.queued("19a000000000000001", now, "a.example", "b.example"), Samples.queued("19a000000000000002", now, "c.example")));
        store.queue().hold("19a000000000000001", "002", true);
        var claimed = store.queue().claim("default", now, Duration.ofMinutes(1), Set.of("a.example"), 1).getFirst();
        store.queue().defer(claimed, now, now.plusSeconds(99), "450 later");
    }

    private static String copy(int expected, String from, String to, String... more) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var args = new java.util.ArrayList<>(List.of("store", "copy", "--from", from, "--to", to));
        args.addAll(List.of(more));
        assertThat(new CommandLineInterface(print, print).run(args)).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void fromTheEmbeddedStoreToMongoDbAndBack() throws IOException {
        try (var store = open(rocks("one"))) {
            fill(store);
        }
        assertThat(copy(0, rocks("one"), mongo())).contains("messages=24 ").contains("queued=3 ").contains("problems=0");
        assertThat(copy(0, mongo(), rocks("two"))).contains("messages=24 ").contains("problems=0");
        var check = new ByteArrayOutputStream();
        var print = new PrintStream(check, true, StandardCharsets.UTF_8);
        for (var store : List.of(mongo(), rocks("two"))) {
            assertThat(new CommandLineInterface(print, print).run(List.of("store", "check", "--store", store)))
                    .as(check.toString(StandardCharsets.UTF_8))
                    .isZero();
        }
        try (var store = open(rocks("two"))) {
            var mail = new Mail(store, MailSettings.defaults("example.com"), Clock.systemUTC());
            var alice = mail.accounts().find("alice").orElseThrow();
            assertThat(mail.accounts().hasPassword(alice, "secret value")).isTrue();
            assertThat(mail.accounts().usage(alice.id())).isPositive();
            assertThat(store.queue().rows("19a000000000000001").getLast().held()).isTrue();
            assertThat(store.queue().rows("19a000000000000002").getFirst().attempts()).isEqualTo(1);
        }
    }

    @Test
    void aTargetThatHoldsSomethingIsRefusedUnlessToldOrInterrupted() throws IOException {
        try (var store = open(rocks("one"))) {
            fill(store);
        }
        try (var store = open(rocks("two"))) {
            fill(store);
        }
        assertThat(copy(2, rocks("one"), rocks("two"))).contains("not empty");
        assertThat(copy(2, rocks("one"), rocks("one"))).contains("another store");
        assertThat(copy(2, rocks("none"), rocks("two"))).contains("expected the directory of a store");
        assertThat(copy(2, "mysql:x", rocks("two"))).contains("expected rocksdb:DIR or mongodb://");
        assertThat(copy(0, rocks("one"), rocks("three"))).contains("problems=0");
    }

    /// Nothing is lost in silence: an archive, audits, webhooks, an account that WildDuck could still restore, a queued message without its body.
    @Test
    void whatStaysBehindIsCounted() throws IOException {
        try (var store = open(mongo())) {
            fill(store);
        }
        try (var client = MongoClients.create(mongo())) {
            var database = client.getDatabase("mail");
            database.getCollection("archived").insertMany(List.of(new org.bson.Document("uid", 1), new org.bson.Document("uid", 2)));
            database.getCollection("webhooks").insertOne(new org.bson.Document("url", "http://127.0.0.1/"));
            database.getCollection("audit.files").insertOne(new org.bson.Document("length", 5));
            database.getCollection("audit.chunks").insertOne(new org.bson.Document("n", 0));
            var gone = new org.bson.types.ObjectId();
            var mailbox = new org.bson.types.ObjectId();
            database.getCollection("mailboxes").insertOne(new org.bson.Document("_id", mailbox).append("user", gone).append("path", "INBOX"));
            database.getCollection("messages").insertOne(new org.bson.Document("user", gone).append("mailbox", mailbox).append("uid", 1));
        }
        assertThat(copy(0, mongo(), rocks("one")))
                .contains("LEFT BEHIND archived: 2", "LEFT BEHIND audit.files: 1", "LEFT BEHIND webhooks: 1")
                .contains("LEFT BEHIND mailboxes of no account: 1", "LEFT BEHIND messages of no account: 1")
                .doesNotContain("audit.chunks", "storage", "fences")
                .contains("left-behind=6 problems=0");
        assertThat(copy(0, rocks("one"), rocks("two"))).contains("left-behind=0").doesNotContain("LEFT BEHIND");
    }

    @Test
    void aQueuedMessageThatLostItsBodyIsAProblem() throws IOException {
        try (var store = open(mongo())) {
            fill(store);
        }
        try (var client = MongoClients.create(mongo())) {
            for (var name : List.of("mail", "zone-mta")) {
                client.getDatabase(name).getCollection("mail.files").deleteOne(new org.bson.Document("filename", "message 19a000000000000002"));
            }
        }
        assertThat(copy(1, mongo(), rocks("one"))).contains("PROBLEM queue 19a000000000000002 has no message, 1 recipients are left behind");
    }

    /// Half of the messages are there when the copy begins again.
    @Test
    void anInterruptedCopyGoesOn() throws IOException {
        try (var from = RocksStore.open(RocksStore.Settings.at(directory.resolve("one")), Clock.systemUTC());
                var to = open(mongo())) {
            fill(from);
            var stopping = new StoreCopy.Progress(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)) {
                @Override
                void add(long messages, long size) {
                    super.add(messages, size);
                    if (done() > 5) {
                        throw new IllegalStateException("interrupted, on purpose");
                    }
                }
            };
            assertThatThrownBy(() -> new StoreCopy(from, to, stopping).run(false)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(copy(0, rocks("one"), mongo())).contains("messages=24 ").contains("problems=0");
        assertThat(copy(2, rocks("one"), mongo())).contains("not empty");
    }
}
