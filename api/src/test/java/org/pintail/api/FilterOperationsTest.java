package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FilterOperationsTest {
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");
    private final String filters = "/users/" + ann + "/filters";

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void whatIsNoFilterIsRefused() {
        api.post(filters, Map.of("query", Map.of("from", "x"))).refused(400, "InputValidationError");
        api.post(filters, Map.of("query", Map.of("color", "red"), "action", Map.of())).refused(400, "InputValidationError");
        api.post(filters, Map.of("query", Map.of(), "action", Map.of("targets", List.of("ftp://x")))).refused(400, "InputValidationError");
        api.post(filters, Map.of("query", Map.of(), "action", Map.of("mailbox", "5f0c1a2b3c4d5e6f70818283"))).refused(404, "NoSuchMailbox");
        api.put(filters + "/5f0c1a2b3c4d5e6f70818283", Map.of("disabled", true)).refused(404, "FilterNotFound");
        assertThat(api.get(filters).ok().at("limits.used")).isEqualTo(0);
    }

    @Test
    void aFilterIsToldAsPeopleReadIt() {
        var inbox = api.mailbox(ann, "INBOX");
        var body = Map.of(
                "name", "Shop",
                "query", Map.of("from", " a  b ", "size", -100, "ha", true),
                "action", Map.of("seen", true, "spam", false, "mailbox", inbox, "targets", List.of("https://example.net/in?x=1")));
        var id = api.post(filters, body).ok().string("id");
        var listed = api.get(filters).ok();
        assertThat(listed.at("results.0.query")).isEqualTo(List.of(List.of("from", "(a b)"), List.of("has attachment"), List.of("smaller", 100)));
        assertThat(listed.at("results.0.action"))
                .isEqualTo(List.of(
                        List.of("mark as read"),
                        List.of("do not mark it as spam"),
                        List.of("move to folder", "\"INBOX\""),
                        List.of("forward to", "https://example.net/in?x=1")));
        var one = api.get(filters + "/" + id).ok();
        assertThat(one.at("query")).isEqualTo(Map.of("from", "a b", "size", -100, "ha", true));
        assertThat(one.at("action.mailbox")).isEqualTo(inbox);
    }

    @Test
    void partsAreChangedAndCleared() {
        var body = Map.of("query", Map.of("from", "x", "subject", "y"), "action", Map.of("seen", true, "flag", true));
        var path = filters + "/" + api.post(filters, body).ok().at("id");
        var action = new HashMap<String, Object>();
        action.put("seen", null);
        action.put("delete", "yes");
        api.put(path, Map.of("query", Map.of("from", ""), "action", action, "disabled", true)).ok();
        var shown = api.get(path).ok();
        assertThat(shown.at("query")).isEqualTo(Map.of("subject", "y"));
        assertThat(shown.at("action")).isEqualTo(Map.of("flag", true, "delete", true));
        assertThat(shown.at("disabled")).isEqualTo(true);
        api.delete(path).ok();
        api.get(path).refused(404, "FilterNotFound");
    }

    @Test
    void theLimitHoldsAndNobodySeesAnothersFilters() {
        var bob = api.user("bob");
        api.put("/users/" + ann, Map.of("filters", 1)).ok();
        var id = api.post(filters, Map.of("query", Map.of(), "action", Map.of("targets", List.of("x@example.net")))).ok().at("id");
        var reply = api.post(filters, Map.of("query", Map.of(), "action", Map.of()));
        reply.refused(403, "TooMany");
        assertThat(reply.at("allowed")).isEqualTo(1);
        api.get("/users/" + bob + "/filters/" + id).refused(404, "FilterNotFound");
        assertThat(api.as(api.token("bob"), "GET", "/filters", Map.of()).ok().at("total")).isEqualTo(0);
        assertThat(api.get("/filters?forward=example.net").ok().at("results.0.user")).isEqualTo(ann);
        assertThat(api.get("/filters?forward=example.com").ok().at("total")).isEqualTo(0);
    }
}
