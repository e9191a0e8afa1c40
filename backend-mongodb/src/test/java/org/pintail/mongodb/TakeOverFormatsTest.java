package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Addresses;
import org.pintail.mail.Authentication;
import org.pintail.mail.Authentication.Result;
import org.pintail.mail.Collections;
import org.pintail.address.MailAddress;
import org.pintail.testkit.WildDuckExport;

/// Every form in which WildDuck and ZoneMTA keep what they keep (see the README of `wildduck/`).
class TakeOverFormatsTest {
    private static final Authentication.Client CLIENT = new Authentication.Client("IMAP", "127.0.0.1", "s");
    private static final String NEW = "\\$pbkdf2-sha(256|512)\\$i=100000\\$.*";
    private final Instant now = Instant.parse("2026-11-25T20:00:00Z");
    private final Document expected = Document.parse(WildDuckExport.read("formats-expected.json"));
    private TakenOver taken;

    @BeforeEach
    void open() {
        var all = BsonDocument.parse(WildDuckExport.read("formats.json"));
        taken = TakenOver.of(all.getDocument("main"), all.getDocument("queue"), Clock.fixed(now, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        taken.close();
    }

    private Result login(String username, String password, String scope) {
        return taken.mail().authentication().authenticate(username, password, scope, CLIENT);
    }

    private org.pintail.backend.Document user(AccountId account) {
        return taken.mail().accounts().require(account).document();
    }

    /// Data model §3: afterwards it is a hash as new passwords have it.
    @Test
    void everyFormOfPasswordLogsInAndIsHashedAnew() {
        var formats = expected.get("formats", Document.class);
        assertThat(formats).hasSize(15);
        for (var format : formats.keySet()) {
            var one = formats.get(format, Document.class);
            var account = AccountId.of(one.getString("id"));
            assertThat(user(account).string("password")).as(format).contains(one.getString("hash"));
            assertThat(login(one.getString("username"), "x" + expected.getString("password"), "imap")).as(format).isInstanceOf(Result.Failure.class);
            assertThat(login(one.getString("username"), expected.getString("password"), "imap")).as(format)
                    .isInstanceOfSatisfying(Result.Success.class, s -> assertThat(s.account()).isEqualTo(account));
            assertThat(user(account).string("password", "")).as(format).matches(NEW);
            assertThat(user(account).string("password").equals(java.util.Optional.of(one.getString("hash")))).as(format)
                    .isEqualTo(format.equals("pbkdf2-sha256"));
            assertThat(login(one.getString("username"), expected.getString("password"), "imap")).as(format).isInstanceOf(Result.Success.class);
        }
    }

    @Test
    void everyFormOfApplicationPasswordLogsInWithinItsScopes() {
        var account = AccountId.of(expected.getString("aspsUser"));
        var all = expected.getList("asps", Document.class);
        assertThat(all).hasSize(15);
        for (var asp : all) {
            var format = asp.getString("format");
            assertThat(login("asps", asp.getString("password"), "imap")).as(format)
                    .isInstanceOfSatisfying(Result.Success.class, s -> assertThat(s.account()).isEqualTo(account));
            assertThat(login("asps", asp.getString("password"), "smtp")).as(format)
                    .isInstanceOf(asp.getList("scopes", String.class).contains("*") ? Result.Success.class : Result.Failure.class);
        }
        assertThat(login("asps", "aaaabbbbccccdddd", "imap")).isInstanceOf(Result.Failure.class);
    }

    /// Seeds stay as they are stored: whoever reads them decrypts them.
    @Test
    void everyFormOfSecondFactorIsAskedFor() {
        var all = expected.getList("totp", Document.class);
        assertThat(all.stream().map(t -> t.getString("form"))).containsExactly("encrypted", "legacy", "clear", "flag");
        for (var totp : all) {
            var name = totp.getString("username");
            assertThat(login(name, "secretvalue", "imap")).as(name).isInstanceOf(Result.Failure.class);
            assertThat(login(name, "secretvalue", "master")).as(name).isInstanceOfSatisfying(
                    Result.Success.class, s -> assertThat(s.enabled2fa()).containsExactly("totp"));
            assertThat(login(name, totp.getString("asp"), "imap")).as(name).isInstanceOf(Result.Success.class);
            assertThat(user(AccountId.of(totp.getString("id"))).string("seed")).contains(totp.getString("stored"));
        }
    }

    private MailboxId box(String path) {
        return MailboxId.of(expected.get("keeper", Document.class).get("boxes", Document.class).getString(path));
    }

    private org.pintail.backend.Document raw(MailboxId mailbox, long uid) {
        return taken.store().databases().table("messages")
                .first(org.pintail.backend.Document.of("mailbox", mailbox.value(), "uid", uid)).orElseThrow();
    }

    /// A message keeps its time to go while it stays, and gets that of the mailbox it comes into: else one that was taken out of the Trash would
    /// be deleted by the tasks of WildDuck after a way back.
    @Test
    void theTimeToGoIsThatOfTheMailbox() throws IOException {
        var store = taken.store();
        for (var path : List.of("INBOX", "Trash", "Junk")) {
            for (var m : expected.get("keeper", Document.class).get("mailboxes", Document.class).getList(path, Document.class)) {
                int uid = m.getInteger("uid");
                store.messages().changeFlags(box(path), u -> u == uid, _ -> Flags.of("\\Seen"), Long.MAX_VALUE, null);
                store.messages().content(store.messages().row(box(path), uid).orElseThrow());
                var d = raw(box(path), uid);
                assertThat(d.bool("exp")).isEqualTo(m.getBoolean("exp"));
                assertThat(d.number("rdate")).isEqualTo(m.get("rdate", Number.class).longValue());
                assertThat(d.bool("junk")).isEqualTo(m.getBoolean("junk"));
            }
        }
        var plain = taken.mail().folders().create(
                AccountId.of(expected.get("keeper", Document.class).getString("id")), "Kept", false, false, 0);
        taken.store().databases().table("mailboxes").update(
                org.pintail.backend.Document.of("_id", plain.id().value()),
                org.pintail.backend.Document.of("$set", org.pintail.backend.Document.of("retention", 0)));
        long kept = store.messages().move(box("Trash"), List.of(1L), plain.id(), null).getFirst().row().uid();
        assertThat(raw(plain.id(), kept).has("rdate")).isFalse();
        assertThat(raw(plain.id(), kept).bool("exp")).isFalse();
        long thrown = store.messages().move(box("Junk"), List.of(1L), box("Trash"), null).getFirst().row().uid();
        assertThat(raw(box("Trash"), thrown).bool("junk")).isTrue();
        long again = store.messages().copy(box("Trash"), List.of(thrown), box("INBOX"), 0, null).getFirst().row().uid();
        assertThat(raw(box("INBOX"), again).has("junk")).isFalse();
        assertThat(raw(box("INBOX"), again).number("retention")).isEqualTo(90L * 86_400_000);
        var original = expected.get("keeper", Document.class).get("raw", Document.class).getString("3");
        var row = store.messages().row(box("INBOX"), again).orElseThrow();
        assertThat(new String(store.messages().open(row).readAll(), StandardCharsets.ISO_8859_1)).isEqualTo(original);
    }

    /// What WildDuck keeps of deleted messages stays, with the attachments it refers to, and a check counts it.
    @Test
    void theArchiveIsLeftAlone() {
        var archived = taken.store().databases().table("archived");
        var before = archived.all(Table.Query.of(org.pintail.backend.Document.EMPTY));
        assertThat(before).hasSize(2);
        var problems = new ArrayList<String>();
        taken.store().check(false, problems::add);
        assertThat(problems).isEmpty();
        for (var path : List.of("INBOX", "Trash", "Junk")) {
            var uids = taken.store().messages().rows(box(path)).stream().map(r -> r.uid()).toList();
            taken.store().messages().expunge(box(path), uids, null);
        }
        taken.store().attachments().collect();
        assertThat(archived.all(Table.Query.of(org.pintail.backend.Document.EMPTY))).isEqualTo(before);
        for (var d : before) {
            assertThat(MessageWriter.parts(d)).isNotEmpty().allSatisfy(
                    id -> assertThat(taken.store().databases().table("attachments.files").first(org.pintail.backend.Document.of("_id", id))).isPresent());
        }
        taken.store().check(false, problems::add);
        assertThat(problems).isEmpty();
    }

    /// As ZoneMTA would have sent it, with all that came with it.
    @Test
    void whatIsQueuedIsSent() throws IOException {
        var queue = taken.store().queue();
        assertThat(queue.count()).isEqualTo(4);
        for (var q : expected.getList("queue", Document.class)) {
            var id = q.getString("queueId");
            var data = q.get("data", Document.class);
            var message = queue.message(id).orElseThrow();
            assertThat(message.sender()).isEqualTo("keeper@example.com");
            assertThat(message.data().at("dkim.bodyHash")).isEqualTo(data.get("dkim", Document.class).getString("bodyHash"));
            assertThat(message.data().document("parsedEnvelope").orElseThrow().strings("to"))
                    .isEqualTo(data.get("parsedEnvelope", Document.class).getList("to", String.class));
            assertThat(message.data().string("reason")).contains("submit");
            var head = data.getList("headers", Document.class).stream().map(h -> h.getString("line") + "\r\n").collect(Collectors.joining());
            var whole = new String(queue.body(id).orElseThrow().readAll(), StandardCharsets.ISO_8859_1);
            assertThat(whole).isEqualTo(head + "\r\n" + q.getString("body"));
            assertThat(message.size()).isEqualTo(whole.length());
            var rows = q.getList("rows", Document.class);
            assertThat(queue.rows(id)).hasSameSizeAs(rows);
            for (var row : queue.rows(id)) {
                var was = rows.stream().filter(r -> r.getString("seq").equals(row.seq())).findFirst().orElseThrow();
                assertThat(row.recipient()).isEqualTo(was.getString("recipient"));
                assertThat(row.domain()).isEqualTo(was.getString("domain"));
                assertThat(row.due()).isEqualTo(Instant.parse(was.getString("queued")));
            }
        }
        var early = queue.claim("default", Instant.parse("2026-11-25T19:00:00Z"), Duration.ofMinutes(5), Set.of(), 10);
        assertThat(early).hasSize(3);
        early.forEach(row -> assertThat(queue.settle(row, List.of())).isTrue());
        var late = queue.claim("default", now, Duration.ofMinutes(5), Set.of(), 10);
        assertThat(late).singleElement().satisfies(row -> assertThat(row.recipient()).isEqualTo("later@example.org"));
        assertThat(queue.defer(late.getFirst(), now, now.plusSeconds(60), "451 later")).isTrue();
        assertThat(queue.message(early.getFirst().id())).isEmpty();
        assertThat(queue.count()).isEqualTo(1);
    }

    @Test
    void theOtherKindsOfDocumentsAreRead() {
        var keeper = AccountId.of(expected.get("keeper", Document.class).getString("id"));
        assertThat(taken.mail().filters().list(keeper)).singleElement().satisfies(f -> assertThat(f.string("name")).contains("lists"));
        var byAlias = taken.mail().addresses().resolve(MailAddress.parse("keeper@example.net").orElseThrow(), true);
        assertThat(byAlias.orElseThrow().toString()).contains(keeper.toString());
        assertThat(taken.mail().addresses().resolve(MailAddress.parse("forward@example.com").orElseThrow(), true).orElseThrow())
                .isInstanceOf(Addresses.Resolved.class)
                .asString().contains("someone@example.org");
        var documents = taken.store().documents();
        for (var collection : List.of(Collections.AUTOREPLIES, Collections.DOMAIN_ACCESS, Collections.DKIM, Collections.DOMAIN_ALIASES)) {
            assertThat(documents.count(collection)).as(collection.name()).isEqualTo(1);
        }
        var file = documents.find(Collections.FILES, ObjectId.of(expected.getString("file")));
        assertThat(file.orElseThrow().string("filename")).contains("draft.txt");
    }
}
