package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One account with four messages: apple and pear in INBOX, plum in Work, junk in Junk.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchTest {
    private final ApiFixture api = new ApiFixture();
    private String ann = "";
    private String inbox = "";

    @BeforeAll
    void fill() {
        ann = api.user("ann");
        inbox = api.mailbox(ann, "INBOX");
        var work = api.post("/users/" + ann + "/mailboxes", Map.of("path", "Work (old)")).ok().string("id");
        put(inbox, Map.of("subject", "apple", "text", "red round fruit", "from", person("Rosa Red", "rosa@example.net"), "date", "2026-01-01T00:00:00Z", "flagged", true));
        put(inbox, Map.of("subject", "pear", "text", "green  fruit", "to", List.of(person("", "bob@example.net")), "date", "2026-02-01T00:00:00Z", "unseen", true,
                "attachments", List.of(Map.of("filename", "a.bin", "content", "AQID"))));
        put(work, Map.of("subject", "plum", "text", "blue round", "cc", List.of(person("", "bob@example.net")), "date", "2026-03-01T00:00:00Z"));
        put(api.mailbox(ann, "Junk"), Map.of("subject", "junk", "text", "round spam", "date", "2026-03-02T00:00:00Z"));
    }

    @AfterAll
    void close() {
        api.close();
    }

    private static Map<String, String> person(String name, String address) {
        return Map.of("name", name, "address", address);
    }

    private void put(String mailbox, Map<String, ?> body) {
        api.post("/users/" + ann + "/mailboxes/" + mailbox + "/messages", body).ok();
    }

    private String search(String query) {
        var reply = api.get("/users/" + ann + "/search?order=asc&" + query).ok();
        var subjects = new ArrayList<String>();
        ((List<?>) Objects.requireNonNull(reply.at("results"))).forEach(r -> subjects.add(String.valueOf(((Map<?, ?>) r).get("subject"))));
        return String.join(" ", subjects);
    }

    private static String q(String text) {
        return "q=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothinglike            |",
                "subject:               |",
                "color:red              |",
                "in:nowhere             |",
                "seen:true unseen:true  |",
                "round -spam            | apple plum",
                "red blue               | apple plum",
                "red AND blue           | apple plum",
                "red OR green           | apple pear",
                "fruit -(red OR pear)   |",
                "(red OR blue) round    | apple plum",
                "\"green fruit\"        | pear",
                "\"fruit green\"        |",
                "round searchable:true  | apple plum",
                "round -searchable:true | junk",
                "in:\"work (OLD)\"      | plum",
                "in:spam                | junk",
                "from: rosa             | apple",
                "to:bob@example.net     | pear plum",
                "is:unread              | pear",
                "is:starred             | apple",
                "has:attachment         | pear",
                "-has:attachments fruit | apple",
                "after:2026-02-01 -in:junk | pear plum",
                "before:2026-01-01      | apple",
                "fruit minsize:wrong    | apple pear",
                "id:1 in:inbox          | apple",
                "id:2:* in:inbox        | pear",
            })
    void theQueryLanguageFinds(String query, String found) {
        assertThat(search(q(query))).isEqualTo(found == null ? "" : found);
    }

    @Test
    void allWordsWhenAskedFor() {
        assertThat(search("useAndSearch=true&" + q("round fruit"))).isEqualTo("apple");
        assertThat(search("useAndSearch=true&query=round%20fruit")).isEqualTo("apple");
        assertThat(search("query=red%20green")).isEqualTo("apple pear");
    }

    @Test
    void fieldsHoldTogether() {
        assertThat(search("mailbox=" + inbox)).isEqualTo("apple pear");
        assertThat(search("mailbox=" + inbox + "&id=2")).isEqualTo("pear");
        assertThat(search("from=rosa&flagged=true")).isEqualTo("apple");
        assertThat(search("from=rosa&unseen=true")).isEmpty();
        assertThat(search("or%5Bfrom%5D=rosa&or.subject=plum")).isEqualTo("apple plum");
        assertThat(search("to=bob&datestart=2026-02-15")).isEqualTo("plum");
        assertThat(search("query=round&searchable=true")).isEqualTo("apple plum");
    }

    @Test
    void aQueryThatCannotBeReadSaysWhy() {
        var reply = api.get("/users/" + ann + "/search?" + q("(red OR"));
        reply.refused(400, "InputValidationError");
        assertThat(reply.at("error")).isEqualTo("\"q\" cannot be read: expected a word, found the end");
    }

    @Test
    void theNewestComesFirstWithoutAnOrder() {
        assertThat(api.get("/users/" + ann + "/search?limit=1").ok().at("results.0.subject")).isEqualTo("junk");
        api.get("/users/5f0c1a2b3c4d5e6f70818283/search").refused(404, "UserNotFound");
    }
}
