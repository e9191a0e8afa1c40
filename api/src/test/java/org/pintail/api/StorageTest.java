package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Files for drafts, and what tells how the server is.
class StorageTest {
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");
    private final String files = "/users/" + ann + "/storage";

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aFileNeedsContent() {
        api.post(files, Map.of("filename", "a.txt")).refused(400, "InputValidationError");
        api.post(files, Map.of("filename", "a".repeat(256), "content", "x")).refused(400, "InputValidationError");
        api.post(files, Map.of("content", "x", "encoding", "rot13")).refused(400, "InputValidationError");
        api.get(files + "/5f0c1a2b3c4d5e6f70818283").refused(404, "FileNotFound");
        assertThat(api.get(files).ok().at("total")).isEqualTo(0);
    }

    @Test
    void aFileComesBackAsItWas() {
        var text = api.post(files, Map.of("filename", "a.txt", "contentType", "text/plain", "content", "aGk=", "encoding", "base64")).ok().string("id");
        var read = api.get(files + "/" + text).ok();
        assertThat(read.text()).isEqualTo("hi");
        assertThat(read.headers().firstValue("Content-Type")).contains("text/plain");
        var raw = api.call("POST", files + "?filename=b.bin", ApiFixture.TOKEN, "image/png", "raw".getBytes(StandardCharsets.US_ASCII)).ok();
        assertThat(api.get(files + "/" + raw.at("id")).ok().text()).isEqualTo("raw");
        var listed = api.get(files + "?query=b.").ok();
        assertThat(List.of(listed.at("total"), listed.at("results.0.filename"), listed.at("results.0.size"))).isEqualTo(List.of(1, "b.bin", 3));
        api.delete(files + "/" + text).ok();
        api.get(files + "/" + text).refused(404, "FileNotFound");
    }

    @Test
    void nobodyReadsAnothersFile() {
        var id = api.post(files, Map.of("content", "x")).ok().string("id");
        var bob = api.user("bob");
        api.get("/users/" + bob + "/storage/" + id).refused(404, "FileNotFound");
        api.delete("/users/" + bob + "/storage/" + id).refused(404, "FileNotFound");
    }

    @Test
    void aFileBecomesAnAttachment() {
        var id = api.post(files, Map.of("filename", "a.txt", "contentType", "text/plain", "content", "hello")).ok().string("id");
        var drafts = "/users/" + ann + "/mailboxes/" + api.mailbox(ann, "Drafts") + "/messages";
        api.post(drafts, Map.of("draft", true, "files", List.of("5f0c1a2b3c4d5e6f70818283"), "text", "x")).refused(404, "FileNotFound");
        api.post(drafts, Map.of("draft", true, "files", List.of(id), "text", "x")).ok();
        assertThat(api.get(drafts + "/1").ok().at("files.0.filename")).isEqualTo("a.txt");
        assertThat(api.get(drafts + "/1/attachments/ATT00001").ok().text()).isEqualTo("hello");
    }

    @Test
    void healthNeedsATokenAndProbesDoNot() {
        assertThat(api.get("/health").ok().at("success")).isEqualTo(true);
        api.call("GET", "/health", "", "", new byte[0]).refused(403, "InvalidToken");
        assertThat(api.call("GET", "/health/live", "", "", new byte[0]).status()).isEqualTo(200);
        assertThat(api.call("GET", "/health/ready", "", "", new byte[0]).status()).isEqualTo(200);
        api.mail().store().close();
        api.clock().advance(Duration.ofSeconds(2)); // the store is tried once a second
        assertThat(api.get("/health").status()).isEqualTo(500);
        assertThat(api.call("GET", "/health/ready", "", "", new byte[0]).status()).isEqualTo(503);
        assertThat(api.call("GET", "/health/live", "", "", new byte[0]).status()).isEqualTo(200);
    }

    @Test
    void metricsAreForPrometheus() {
        var metrics = api.call("GET", "/metrics", "", "", new byte[0]).ok();
        assertThat(metrics.text()).contains("# TYPE pintail_accounts gauge\npintail_accounts 1\n").doesNotContain(ann);
    }

    @Test
    void settingsAreKeptAndOthersRefused() {
        api.post("/settings/no:such", Map.of("value", 1)).refused(400, "InputValidationError");
        api.post("/settings/const:max:recipients", Map.of("value", "5")).ok();
        assertThat(api.get("/settings/const:max:recipients").ok().at("value")).isEqualTo(5);
        assertThat(api.get("/settings/no:such").ok().at("success")).isEqualTo(false);
    }

    @Test
    void browsersOfOtherSitesAreAnswered() {
        var preflight = api.call("OPTIONS", "/users", "", "", new byte[0], "Origin", "https://mail.example.org", "Access-Control-Request-Method", "GET");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).contains("https://mail.example.org");
        assertThat(api.call("OPTIONS", "/users", "", "", new byte[0]).status()).isEqualTo(405);
    }

    @Test
    void bracketsMayStandInAQuery() throws IOException {
        assertThat(lastAnswer("/users?tags[]=a")).startsWith("HTTP/1.1 400 ").contains("\"tags\\\" must be a string");
    }

    @Test
    void theLastAnswerOfAConnectionIsComplete() throws IOException {
        var file = files + "/" + api.post(files, Map.of("content", "hello")).ok().string("id");
        assertThat(lastAnswer(file)).startsWith("HTTP/1.1 200 ").containsIgnoringCase("\r\nConnection: close\r\n").contains("hello");
        assertThat(lastAnswer(files)).startsWith("HTTP/1.1 200 ").contains("\"total\": 1");
        var drafts = "/users/" + ann + "/mailboxes/" + api.mailbox(ann, "Drafts") + "/messages";
        api.post(drafts, Map.of("draft", true, "attachments", List.of(Map.of("content", "aGVsbG8=", "filename", "a.txt")))).ok();
        assertThat(lastAnswer(drafts + "/1/attachments/ATT00001")).startsWith("HTTP/1.1 200 ").contains("hello");
        assertThat(lastAnswer("/nowhere")).startsWith("HTTP/1.1 404 ").contains("ResourceNotFound");
    }

    /// Everything up to the end of the connection.
    private String lastAnswer(String target) throws IOException {
        try (var wire = new Socket(api.address().getAddress(), api.address().getPort())) {
            wire.setSoTimeout(10_000);
            var request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Access-Token: " + ApiFixture.TOKEN + "\r\n\r\n";
            wire.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(wire.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aBodyThatNobodyWantedLeavesTheConnectionUsable() {
        for (int i = 0; i < 3; i++) {
            api.call("POST", "/nowhere", ApiFixture.TOKEN, "application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)).refused(404, "ResourceNotFound");
            api.call("POST", "/users", "wrong", "application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)).refused(403, "InvalidToken");
        }
    }
}
