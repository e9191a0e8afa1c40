package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.QueueRow;

/// Mail going out by the API.
class SubmitTest {
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");
    private final String submit = "/users/" + ann + "/submit";

    @AfterEach
    void close() {
        api.close();
    }

    private static List<Map<String, String>> to(String... addresses) {
        return List.of(addresses).stream().map(a -> Map.of("address", a)).toList();
    }

    private List<QueueRow> rows(String queueId) {
        return api.outbox().queue().rows(queueId);
    }

    private String body(String queueId) throws IOException {
        return new String(api.outbox().queue().body(queueId).orElseThrow().readAll(), StandardCharsets.UTF_8);
    }

    @Test
    void whatCannotBeSentIsRefusedAndLeavesNothing() {
        api.post(submit, Map.of("cc", to("nobody"))).refused(400, "InputValidationError");
        api.post("/users/5f0c1a2b3c4d5e6f70818283/submit", Map.of("to", to("x@example.net"))).refused(404, "UserNotFound");
        api.put("/users/" + ann, Map.of("recipients", 1)).ok();
        api.post(submit, Map.of("to", to("a@example.net", "b@example.net"), "text", "x")).refused(403, "RateLimitedError");
        api.put("/users/" + ann, Map.of("disabled", true)).ok();
        api.post(submit, Map.of("to", to("a@example.net"), "text", "x")).refused(403, "UserDisabled");
        assertThat(api.outbox().queue().count()).isZero();
    }

    @Test
    void aMessageIsQueuedAndKept() throws IOException {
        var sent = api.post(submit, Map.of(
                        "from", Map.of("name", "Ann", "address", "ann@example.org"),
                        "to", to("a@example.net"),
                        "bcc", to("b@example.net"),
                        "subject", "Hi",
                        "text", "there"))
                .ok();
        var queueId = sent.string("message.queueId");
        assertThat(rows(queueId)).extracting(QueueRow::recipient).containsExactlyInAnyOrder("a@example.net", "b@example.net");
        assertThat(body(queueId)).contains("Subject: Hi\r\n", "From: Ann <ann@example.org>\r\n").doesNotContain("b@example.net");
        var copy = api.get("/users/" + ann + "/mailboxes/" + sent.at("message.mailbox") + "/messages/" + sent.at("message.id")).ok();
        assertThat(List.of(copy.at("seen"), copy.at("subject"), copy.at("outbound.0.queueId"))).isEqualTo(List.of(true, "Hi", queueId));
        assertThat(api.mailbox(ann, "Sent%20Mail")).isEqualTo(sent.at("message.mailbox"));
    }

    @Test
    void nobodySendsAsSomebodyElse() throws IOException {
        api.user("bob");
        var sent = api.post(submit, Map.of("from", Map.of("address", "bob@example.org"), "to", to("a@example.net"), "text", "x")).ok();
        assertThat(body(sent.string("message.queueId"))).contains("ann@example.org").doesNotContain("bob@example.org");
    }

    @Test
    void anAnswerMarksWhatItAnswers() {
        var inbox = api.mailbox(ann, "INBOX");
        var raw = "From: x@example.net\r\nReply-To: reply@example.net\r\nSubject: Ask\r\nMessage-ID: <q@example.net>\r\n\r\nx\r\n";
        var question = api.message(ann, inbox, raw);
        var sent = api.post(submit, Map.of("reference", Map.of("mailbox", inbox, "id", 1, "action", "reply"), "text", "Yes")).ok();
        assertThat(rows(sent.string("message.queueId"))).extracting(QueueRow::recipient).containsExactly("reply@example.net");
        assertThat(api.get(question).ok().at("answered")).isEqualTo(true);
        var copy = api.get("/users/" + ann + "/mailboxes/" + sent.at("message.mailbox") + "/messages/" + sent.at("message.id")).ok();
        assertThat(List.of(copy.at("subject"), copy.at("references.0"))).isEqualTo(List.of("Re: Ask", "<q@example.net>"));
        assertThat(copy.at("thread")).isEqualTo(api.get(question).at("thread"));
    }

    @Test
    void aDraftIsSentLater() {
        var drafts = api.mailbox(ann, "Drafts");
        var path = "/users/" + ann + "/mailboxes/" + drafts + "/messages";
        api.post(path, Map.of("draft", true, "to", to("a@example.net"), "subject", "Later", "text", "x")).ok();
        api.post(path, Map.of("to", to("a@example.net"), "text", "x")).ok();
        api.post(path + "/2/submit", Map.of()).refused(400, "MessageNotDraft");
        api.post(path + "/9/submit", Map.of()).refused(404, "MessageNotFound");
        var at = Instant.parse("2026-03-02T00:00:00Z");
        var sent = api.post(path + "/1/submit", Map.of("sendTime", at.toString())).ok();
        assertThat(rows(sent.string("queueId"))).extracting(QueueRow::due).containsExactly(at);
        api.get(path + "/1").refused(404, "MessageNotFound");
        var moved = api.get("/users/" + ann + "/mailboxes/" + sent.at("message.mailbox") + "/messages/" + sent.at("message.id")).ok();
        assertThat(List.of(moved.at("draft"), moved.at("seen"), moved.at("date"))).isEqualTo(List.of(false, true, "2026-03-02T00:00:00.000Z"));
    }

    @Test
    void whatWaitsIsMovedAndTakenBack() {
        var queueId = api.post(submit, Map.of("to", to("a@example.net", "b@example.net"), "text", "x", "sendTime", "2026-03-02T00:00:00Z"))
                .ok()
                .string("message.queueId");
        var path = "/users/" + ann + "/outbound/" + queueId;
        api.put(path, Map.of()).refused(400, "InputValidationError");
        api.put(path, Map.of("sendTime", "2026-05-01")).refused(400, "SendTimeTooLate");
        api.put("/users/" + ann + "/outbound/ffffffffffffffffff", Map.of("sendTime", "2026-03-03")).refused(404, "NoSuchQueueEntry");
        api.put("/users/" + api.user("bob") + "/outbound/" + queueId, Map.of("sendTime", "2026-03-03")).refused(403, "NotEnoughPrivileges");
        assertThat(api.put(path, Map.of("sendTime", "2026-03-03")).ok().at("updated")).isEqualTo(2);
        assertThat(rows(queueId)).extracting(QueueRow::due).containsOnly(Instant.parse("2026-03-03T00:00:00Z"));
        assertThat(api.put(path, Map.of("sendTime", "2020-01-01")).ok().at("sendTime")).isEqualTo("2026-03-01T12:00:00.000Z");
        var claimed = api.outbox().queue().claim("default", api.clock().instant(), Duration.ofMinutes(5), java.util.Set.of(), 9);
        assertThat(claimed).hasSize(2);
        api.put(path, Map.of("sendTime", "2026-03-03")).refused(409, "DeliveryInProgress");
        assertThat(api.delete(path).ok().at("deleted")).isEqualTo(0);
        api.clock().advance(Duration.ofMinutes(6));
        assertThat(api.delete(path).ok().at("deleted")).isEqualTo(2);
        assertThat(rows(queueId)).isEmpty();
        assertThat(List.of(api.delete(path).ok().at("success"), api.delete(path).at("code"))).isEqualTo(List.of(false, "NoSuchQueueEntry"));
    }

    @Test
    void overQuotaMailIsSentAndNotKept() {
        api.message(ann, api.mailbox(ann, "INBOX"), "Subject: x\r\n\r\nx\r\n");
        api.put("/users/" + ann, Map.of("quota", 1)).ok();
        var sent = api.post(submit, Map.of("to", to("a@example.net"), "text", "x")).ok();
        assertThat(List.of(sent.at("message.overQuota"), sent.at("message.id"))).isEqualTo(List.of(true, false));
        assertThat(rows(sent.string("message.queueId"))).hasSize(1);
    }
}
