package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxesTest {
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");
    private final String boxes = "/users/" + ann + "/mailboxes";

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void pathsThatCannotBeAreRefused() {
        api.post(boxes, Map.of()).refused(400, "InputValidationError");
        api.post(boxes, Map.of("path", "")).refused(400, "InputValidationError");
        api.post(boxes, Map.of("path", "a//b")).refused(400, "InputValidationError");
        api.post(boxes, Map.of("path", "x".repeat(513))).refused(400, "InputValidationError");
        api.post(boxes, Map.of("path", "INBOX")).refused(400, "MailboxExistsError");
        api.post("/users/5f0c1a2b3c4d5e6f70818283/mailboxes", Map.of("path", "x")).refused(404, "UserNotFound");
        assertThat((List<?>) api.get(boxes).ok().at("results")).hasSize(5);
    }

    @Test
    void aMailboxIsCreatedChangedAndDeleted() {
        var id = api.post(boxes, Map.of("path", "Work/2026", "retention", 1000, "hidden", true)).ok().string("id");
        var shown = api.get(boxes + "/" + id).ok();
        assertThat(List.of(shown.at("name"), shown.at("path"), shown.at("retention"), shown.at("hidden"), shown.at("total")))
                .isEqualTo(List.of("2026", "Work/2026", 1000, true, 0));
        assertThat(api.get(boxes).ok().text()).doesNotContain(id);
        assertThat(api.get(boxes + "?showHidden=true").ok().text()).contains(id);
        api.put(boxes + "/" + id, Map.of()).refused(400, "InputValidationError");
        api.put(boxes + "/" + id, Map.of("path", "Play")).refused(400, "DisallowedMailboxMethod"); // while it is hidden
        api.put(boxes + "/" + id, Map.of("hidden", false)).ok();
        api.put(boxes + "/" + id, Map.of("path", "Play", "subscribed", false)).ok();
        assertThat(api.get(boxes + "/resolve?path=Play").ok().at("subscribed")).isEqualTo(false);
        api.get(boxes + "/resolve?path=Work/2026").refused(404, "NoSuchMailbox");
        api.delete(boxes + "/" + id).ok();
        api.get(boxes + "/" + id).refused(404, "NoSuchMailbox");
    }

    @Test
    void specialMailboxesStay() {
        var inbox = api.mailbox(ann, "INBOX");
        api.delete(boxes + "/" + inbox).refused(400, "DisallowedMailboxMethod");
        api.put(boxes + "/" + inbox, Map.of("path", "Other")).refused(400, "DisallowedMailboxMethod");
        assertThat(api.get(boxes + "?specialUse=true").ok().text()).contains("\\\\Sent", "\\\\Trash", "\\\\Junk", "\\\\Drafts");
    }

    @Test
    void nobodySeesAnothersMailbox() {
        var bob = api.user("bob");
        var inbox = api.mailbox(ann, "INBOX");
        api.get("/users/" + bob + "/mailboxes/" + inbox).refused(404, "NoSuchMailbox");
        api.put("/users/" + bob + "/mailboxes/" + inbox, Map.of("hidden", true)).refused(404, "NoSuchMailbox");
        api.get("/users/" + bob + "/mailboxes/" + inbox + "/messages").refused(404, "NoSuchMailbox");
    }

    @Test
    void countersAndSizesAreShownWhenAskedFor() {
        var inbox = api.mailbox(ann, "INBOX");
        api.message(ann, inbox, "Subject: x\r\n\r\n12345\r\n");
        assertThat(api.get(boxes).ok().at("results.0.total")).isNull();
        var listed = api.get(boxes + "?counters=true&sizes=true").ok();
        assertThat(List.of(listed.at("results.0.total"), listed.at("results.0.size"))).isEqualTo(List.of(1, 21));
    }
}
