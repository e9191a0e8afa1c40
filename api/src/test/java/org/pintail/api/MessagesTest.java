package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Collections;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;

/// Messages put into a mailbox, shown, changed, moved and deleted.
class MessagesTest {
    private static final String MAIL = """
            From: Ann Ä <ann@example.org>
            To: bob@example.org
            Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
            Message-ID: <one@example.org>
            Date: Sun, 1 Mar 2026 12:00:00 +0100
            List-Unsubscribe: Leave by <mailto:leave@example.org> (or here), <https://example.org/leave>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=cut

            --cut
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Sch=C3=B6ne Gr=C3=BC=C3=9Fe

            --cut
            Content-Type: application/octet-stream; name=data.bin
            Content-Disposition: attachment; filename=data.bin
            Content-Transfer-Encoding: base64

            AQID

            --cut--
            """.replace("\n", "\r\n").replace("Ä", "=?utf-8?Q?=C3=84?=");
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");
    private final String inbox = api.mailbox(ann, "INBOX");
    private final String path = "/users/" + ann + "/mailboxes/" + inbox + "/messages";

    @AfterEach
    void close() {
        api.close();
    }

    private Object upload(Map<String, ?> body) {
        return String.valueOf(api.post(path, body).ok().at("message.id"));
    }

    @Test
    void aMessageThatIsNotThereIsSaidSo() {
        api.get(path + "/1").refused(404, "MessageNotFound");
        api.get(path + "/0").refused(400, "InputValidationError");
        api.get(path + "/one").refused(400, "InputValidationError");
        api.get(path + "/1/message.eml").refused(404, "MessageNotFound");
        api.delete(path + "/1").refused(404, "MessageNotFound");
        api.put(path + "/1", Map.of("seen", true)).refused(404, "MessageNotFound");
        api.delete("/users/" + ann + "/mailboxes/5f0c1a2b3c4d5e6f70818283/messages/1").refused(404, "NoSuchMailbox");
    }

    /// Stored with the message is only which logo; the logo may have been fetched again since.
    @Test
    void theConfirmedLogoOfASenderIsShown() throws IOException {
        var logo = ObjectId.next();
        api.mail().store().documents().insert(Collections.BIMI, Document.of(
                "_id", logo, "type", "authority", "url", "https://example.org/logo.pem", "content", Bytes.wrap("<svg/>".getBytes(StandardCharsets.US_ASCII)),
                "vmc", Document.of("type", "VMC")));
        var gone = ObjectId.next();
        for (var id : List.of(logo, gone)) {
            var meta = Document.of("verificationResults", Document.of("dkim", "example.org", "bimi", id));
            api.mail().mailstore().append(Source.of(MAIL.getBytes(StandardCharsets.UTF_8)), new Mailstore.Placement(
                    api.mail().accounts().find("ann").orElseThrow(), new MailboxId(ObjectId.of(inbox)), Flags.NONE, null, new byte[0], meta, false, null));
        }
        var shown = api.get(path + "/1").ok();
        assertThat(shown.at("bimi"))
                .isEqualTo(Map.of("certified", true, "url", "https://example.org/logo.pem", "image", "data:image/svg+xml;base64,PHN2Zy8+", "type", "VMC"));
        assertThat(shown.at("verificationResults")).isEqualTo(Map.of("dkim", "example.org"));
        var listed = api.get(path + "?order=asc").ok();
        assertThat(listed.at("results.0.bimi.certified")).isEqualTo(true);
        assertThat(listed.at("results.1.bimi")).as("not kept any more").isNull();
    }

    @Test
    void aMessageIsShownInItsParts() {
        var one = api.message(ann, inbox, MAIL);
        var shown = api.get(one).ok();
        assertThat(shown.at("subject")).isEqualTo("Grüße");
        assertThat(shown.at("from")).isEqualTo(Map.of("name", "Ann Ä", "address", "ann@example.org"));
        assertThat(shown.string("text")).isEqualToIgnoringNewLines("Schöne Grüße");
        assertThat(shown.at("date")).isEqualTo("2026-03-01T11:00:00.000Z");
        assertThat(shown.at("list.unsubscribe"))
                .isEqualTo(List.of(
                        Map.of("name", "or here", "address", "mailto:leave@example.org"),
                        Map.of("name", "", "address", "https://example.org/leave")));
        assertThat(List.of(shown.at("attachments.0.id"), shown.at("attachments.0.filename"), shown.at("attachments.0.size")))
                .isEqualTo(List.of("ATT00001", "data.bin", 6));
    }

    @Test
    void sourceAndAttachmentComeByteForByte() {
        var one = api.message(ann, inbox, MAIL);
        var source = api.get(one + "/message.eml").ok();
        assertThat(source.text()).isEqualTo(MAIL);
        assertThat(source.headers().firstValue("Content-Type")).contains("message/rfc822");
        assertThat(api.get(one + "/attachments/ATT00001").ok().text()).isEqualTo("\u0001\u0002\u0003");
        api.get(one + "/attachments/ATT00009").refused(404, "AttachmentNotFound");
    }

    @Test
    void flagsAreSetAndCleared() {
        var one = api.message(ann, inbox, MAIL);
        api.put(one, Map.of("seen", false, "flagged", true)).ok();
        var shown = api.get(one).ok();
        assertThat(List.of(shown.at("seen"), shown.at("flagged"), shown.at("draft"))).isEqualTo(List.of(false, true, false));
        assertThat(api.get(one + "?markAsSeen=true").ok().at("seen")).isEqualTo(true);
        assertThat(api.get(path + "?unseen=true").ok().at("total")).isEqualTo(0);
    }

    @Test
    void messagesMoveAndKeepTheirBytes() {
        api.message(ann, inbox, MAIL);
        api.message(ann, inbox, MAIL);
        var trash = api.mailbox(ann, "Trash");
        api.put(path, Map.of("message", "1:*", "moveTo", "5f0c1a2b3c4d5e6f70818283")).refused(404, "NoSuchMailbox");
        var moved = api.put(path, Map.of("message", "1:*", "moveTo", trash)).ok();
        assertThat(moved.at("id")).isEqualTo(List.of(List.of(1, 1), List.of(2, 2)));
        assertThat(api.get(path).ok().at("total")).isEqualTo(0);
        assertThat(api.get("/users/" + ann + "/mailboxes/" + trash + "/messages/2/message.eml").ok().text()).isEqualTo(MAIL);
    }

    @Test
    void deletingTellsHowMany() {
        var one = api.message(ann, inbox, MAIL);
        api.message(ann, inbox, MAIL);
        assertThat(api.delete(one).ok().at("deleted")).isEqualTo(1);
        api.get(one).refused(404, "MessageNotFound");
        assertThat(api.delete(path).ok().at("deleted")).isEqualTo(1);
        assertThat(api.get("/users/" + ann).ok().at("limits.quota.used")).isEqualTo(0);
    }

    @Test
    void aMessageIsComposedOfItsFields() {
        var body = new HashMap<String, Object>(Map.of(
                "to", List.of(Map.of("name", "Bob Ö", "address", "bob@example.org")),
                "subject", "Hällo",
                "text", "Tëxt",
                "html", "<p>Tëxt <img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"></p>",
                "unseen", true,
                "metaData", Map.of("k", "v"),
                "date", "2026-01-02T03:04:05Z"));
        body.put("attachments", List.of(Map.of("filename", "ä.txt", "content", Base64.getEncoder().encodeToString("hi".getBytes(StandardCharsets.UTF_8)))));
        var id = upload(body);
        var shown = api.get(path + "/" + id).ok();
        assertThat(List.of(shown.at("subject"), shown.at("seen"), shown.at("idate"), shown.at("metaData")))
                .isEqualTo(List.of("Hällo", false, "2026-01-02T03:04:05.000Z", Map.of("k", "v")));
        assertThat(shown.at("to.0")).isEqualTo(Map.of("name", "Bob Ö", "address", "bob@example.org"));
        assertThat(shown.string("text")).isEqualToIgnoringNewLines("Tëxt");
        assertThat(shown.text()).contains("ä.txt");
        var source = api.get(path + "/" + id + "/message.eml").ok().text();
        assertThat(source).matches("(?s)[\\x00-\\x7f]*").doesNotContain("data:image").contains("image/gif");
    }

    @Test
    void listingsShowWhatIsAskedFor() {
        api.message(ann, inbox, MAIL);
        var plain = api.get(path).ok();
        assertThat(List.of(plain.at("total"), plain.at("results.0.subject"), plain.at("results.0.attachments"))).isEqualTo(List.of(1, "Grüße", true));
        assertThat(plain.at("results.0.headers")).isNull();
        assertThat(plain.at("results.0.threadMessageCount")).isNull();
        var more = api.get(path + "?includeHeaders=true&threadCounters=true&metaData=true&includeHasDrafts=true").ok();
        assertThat(more.at("results.0.headers.message-id")).isEqualTo("<one@example.org>");
        assertThat(List.of(more.at("results.0.threadMessageCount"), more.at("results.0.hasDrafts"))).isEqualTo(List.of(1, false));
    }

    @Test
    void aThreadIsOneRowWithWhatItsMessagesAre() {
        var root = upload(Map.of("subject", "Thread", "text", "root", "date", "2026-01-01T00:00:00Z"));
        var reference = Map.of("mailbox", inbox, "id", root, "action", "reply");
        var reply = upload(Map.of("text", "reply", "reference", reference, "unseen", true, "flagged", true, "date", "2026-01-02T00:00:00Z"));
        upload(Map.of("subject", "Other", "text", "other", "date", "2026-01-03T00:00:00Z"));
        var listed = api.get(path + "?collapseThreads=true&includeHasDrafts=true&threadCounters=true").ok();
        assertThat(listed.at("total")).isEqualTo(2);
        var fields = List.of("id", "seen", "flagged", "hasDrafts", "threadMessageCount");
        assertThat(fields.stream().map(f -> String.valueOf(listed.at("results.1." + f))))
                .containsExactly(String.valueOf(reply), "false", "true", "true", "2");
        assertThat(fields.stream().map(f -> String.valueOf(listed.at("results.0." + f)))).endsWith("true", "false", "false", "1");
        api.get(path + "?collapseThreads=true&next=bnVsbA").refused(500, "InternalDatabaseError");

        api.put(path + "/" + reply, Map.of("updateThread", true, "draft", true)).refused(400, "InputValidationError");
        assertThat(api.put(path + "/" + reply, Map.of("updateThread", true, "seen", true)).ok().at("updated")).isEqualTo(2);
        assertThat(api.delete(path + "/" + root + "?updateThread=true").ok().at("deleted")).isEqualTo(2);
        assertThat(api.get(path).ok().at("results.0.subject")).isEqualTo("Other");
    }

    @Test
    void quotaHoldsForUploads() {
        api.message(ann, inbox, MAIL);
        api.put("/users/" + ann, Map.of("quota", 10)).ok();
        api.call("POST", path, ApiFixture.TOKEN, "message/rfc822", MAIL.getBytes(StandardCharsets.US_ASCII)).refused(400, "OverQuotaError");
        assertThat(api.get(path).ok().at("total")).isEqualTo(1);
    }
}
