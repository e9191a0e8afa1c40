package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.mail.Authentication;
import org.pintail.mail.Authentication.Result;
import org.pintail.mail.Mail;
import org.pintail.mail.Mailstore;
import org.pintail.mime.PartMap;
import org.pintail.mime.Sha256;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;
import org.pintail.testkit.WildDuckExport;

/// A database that WildDuck wrote is served as it is. What lies in `wildduck/` was exported from a running one (see the README there).
class TakeOverTest {
    private static final Authentication.Client CLIENT = new Authentication.Client("IMAP", "127.0.0.1", "s");
    private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_795_620_600), ZoneOffset.UTC);
    private final Document expected = Document.parse(WildDuckExport.read("expected.json"));
    private TakenOver taken;
    private MongoStore store;
    private Mail mail;

    @BeforeEach
    void open() {
        taken = TakenOver.of(BsonDocument.parse(WildDuckExport.read("database.json")), new BsonDocument(), clock);
        store = taken.store();
        mail = taken.mail();
    }

    @AfterEach
    void close() {
        taken.close();
    }

    private AccountId account(String name) {
        return AccountId.of(expected.get(name, Document.class).getString("id"));
    }

    private Result login(String username, String password, String scope) {
        return mail.authentication().authenticate(username, password, scope, CLIENT);
    }

    @Test
    void theSameLogins() {
        assertThat(login("alice", "secretvalue", "imap")).isInstanceOfSatisfying(
                Result.Success.class, s -> assertThat(s.account()).isEqualTo(account("alice")));
        assertThat(login("a.lice@example.com", "secretvalue", "imap")).isInstanceOf(Result.Success.class);
        assertThat(login("alias@example.com", "secretvalue", "pop3")).isInstanceOf(Result.Success.class);
        assertThat(login("alice", "wrong", "imap")).isInstanceOf(Result.Failure.class);
        var byHash = login("bob@example.com", "bobsecret", "imap");
        assertThat(byHash).isInstanceOfSatisfying(Result.Success.class, s -> assertThat(s.account()).isEqualTo(account("bob")));
        assertThat(mail.accounts().require(account("bob")).document().string("password", "")).startsWith("$pbkdf2-");
        assertThat(login("bob.b", "bobsecret", "imap")).isInstanceOf(Result.Success.class);
    }

    @Test
    void theSameApplicationPasswordsWithinTheirScopes() {
        var passwords = expected.get("alice", Document.class).getList("asps", Document.class);
        for (var p : passwords) {
            assertThat(login("alice", p.getString("password"), "imap")).isInstanceOf(Result.Success.class);
            boolean everything = p.getList("scopes", String.class).contains("*");
            assertThat(login("alice", p.getString("password"), "pop3"))
                    .isInstanceOf(everything ? Result.Success.class : Result.Failure.class);
        }
    }

    @Test
    void theSecondFactorIsStillAskedFor() {
        var carol = expected.get("carol", Document.class);
        assertThat(login("carol", "secretvalue", "imap")).isInstanceOf(Result.Failure.class);
        assertThat(login("carol", "secretvalue", "master")).isInstanceOfSatisfying(
                Result.Success.class, s -> assertThat(s.toString()).contains("totp"));
        assertThat(login("carol", carol.getString("asp"), "imap")).isInstanceOf(Result.Success.class);
        assertThat(mail.accounts().require(account("carol")).document().string("seed")).contains(carol.getString("seed"));
    }

    private record Told(Mailbox mailbox, Document mailboxTold, Document message) {}

    private List<Told> told() {
        var all = new ArrayList<Told>();
        var boxes = expected.get("mailboxes", Document.class);
        for (var path : boxes.keySet()) {
            var box = boxes.get(path, Document.class);
            var mailbox = store.mailboxes().find(MailboxId.of(box.getString("id"))).orElseThrow();
            box.getList("messages", Document.class).forEach(m -> all.add(new Told(mailbox, box, m)));
        }
        return all;
    }

    @Test
    void theSameMailboxes() {
        var database = BsonDocument.parse(WildDuckExport.read("database.json"));
        var boxes = expected.get("mailboxes", Document.class);
        assertThat(store.mailboxes().list(account("alice")).stream().map(Mailbox::path)).containsAll(boxes.keySet());
        for (var d : database.getArray("mailboxes")) {
            var was = d.asDocument();
            var is = store.mailboxes().find(MailboxId.of(was.getObjectId("_id").getValue().toHexString())).orElseThrow();
            assertThat(is.path()).isEqualTo(was.getString("path").getValue());
            assertThat(is.uidValidity()).isEqualTo(was.getNumber("uidValidity").longValue());
            assertThat(is.uidNext()).isEqualTo(was.getNumber("uidNext").longValue());
            assertThat(is.highestModSeq()).isEqualTo(was.getNumber("modifyIndex").longValue());
        }
        for (var t : told()) {
            assertThat(t.mailbox().messages()).isEqualTo(t.mailboxTold().getInteger("total").longValue());
            assertThat(t.mailbox().unseen()).isEqualTo(t.mailboxTold().getInteger("unseen").longValue());
        }
    }

    /// Byte for byte what was sent, also where WildDuck itself gives back less: it forgets the empty line before a boundary.
    @Test
    void theSameMessages() throws IOException {
        var originals = expected.get("originals", Document.class);
        assertThat(told()).hasSizeGreaterThan(8);
        for (var t : told()) {
            var row = store.messages().row(t.mailbox().id(), t.message().getInteger("uid")).orElseThrow();
            assertThat(row.size()).isEqualTo(t.message().getInteger("size").longValue());
            assertThat(row.thread().hex()).isEqualTo(t.message().getString("thread"));
            assertThat(row.flags().has(Flags.SEEN)).isEqualTo(t.message().getBoolean("seen"));
            assertThat(row.flags().has(Flags.FLAGGED)).isEqualTo(t.message().getBoolean("flagged"));
            assertThat(store.messages().find(account("alice"), row.id())).contains(row);
            var original = originals.getString(t.message().getString("key"));
            var bytes = new String(store.messages().open(row).readAll(), StandardCharsets.ISO_8859_1);
            assertThat(bytes).endsWith(original).hasSize((int) row.size());
            if (t.message().getString("eml").endsWith(original)) {
                assertThat(bytes).isEqualTo(t.message().getString("eml"));
            }
            var details = store.messages().content(row).details();
            assertThat(details.string("msgid")).contains(t.message().getString("messageId"));
            assertThat(details.string("subject")).contains(t.message().getString("subject"));
        }
    }

    @Test
    void theSameAttachments() throws IOException {
        int seen = 0;
        for (var t : told()) {
            var row = store.messages().row(t.mailbox().id(), t.message().getInteger("uid")).orElseThrow();
            for (var a : t.message().getList("attachments", Document.class)) {
                assertThat(sha256(attachment(row, a.getString("id")))).as(a.getString("filename")).isEqualTo(a.getString("sha256"));
                seen++;
            }
        }
        assertThat(seen).isEqualTo(6);
    }

    private byte[] attachment(MessageRow row, String id) throws IOException {
        var content = store.messages().content(row);
        var shown = content.details().documents("attachments").stream().filter(a -> a.string("id", "").equals(id)).findFirst().orElseThrow();
        var part = PartMap.decode(content.partMap().unsafeArray()).find(shown.string("part", "")).orElseThrow();
        var body = store.messages().open(row).slice(part.bodyStart(), part.bodySize());
        try (var in = TransferEncoding.decode(body.open(), part.encoding())) {
            return in.readAllBytes();
        }
    }

    private static String sha256(byte[] bytes) throws IOException {
        return HexFormat.of().formatHex(Sha256.of(Source.of(bytes)));
    }

    @Test
    void workGoesOnWhereItEnded() throws IOException {
        var inbox = store.mailboxes().find(account("alice"), "INBOX").orElseThrow();
        long used = store.messages().usage(account("alice"));
        var alice = mail.accounts().require(account("alice"));
        var raw = "Subject: new\r\nMessage-ID: <new@example.org>\r\nIn-Reply-To: <plain@example.org>\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);
        var row = mail.mailstore().append(Source.of(raw), new Mailstore.Placement(
                alice, inbox.id(), Flags.NONE, null, new byte[0], org.pintail.backend.Document.EMPTY, true, null));
        assertThat(row.uid()).isEqualTo(inbox.uidNext());
        assertThat(row.modSeq()).isEqualTo(inbox.highestModSeq() + 1);
        assertThat(store.messages().usage(account("alice"))).isEqualTo(used + raw.length);
        var copy = store.messages().copy(inbox.id(), List.of(2L), inbox.id(), 0, null).getFirst().row();
        var of = store.messages().row(inbox.id(), 2).orElseThrow();
        assertThat(store.messages().open(copy).readAll()).isEqualTo(store.messages().open(of).readAll());
        assertThat(store.messages().expunge(inbox.id(), List.of(2L), null)).containsExactly(2L);
        var now = store.mailboxes().find(inbox.id()).orElseThrow();
        assertThat(now.messages()).isEqualTo(inbox.messages() + 1);
        assertThat(store.messages().find(account("alice"), new MessageId(copy.id().value()))).contains(copy);
        var changes = store.messages().changes(inbox.id(), 1);
        assertThat(changes.expunged().stream().map(e -> e.uid())).contains(2L, 5L);
    }
}
