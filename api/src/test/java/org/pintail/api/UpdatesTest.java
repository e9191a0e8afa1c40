package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pintail.api.table.Json;

/// Server-sent events of an account.
@Timeout(30)
class UpdatesTest {
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");
    private final String inbox = api.mailbox(ann, "INBOX");

    @AfterEach
    void close() {
        api.close();
    }

    /// One event: its JSON and its id, "" without one.
    private record Event(Map<?, ?> data, String id) {}

    private BufferedReader follow(String... headers) throws IOException, InterruptedException {
        var in = api.stream("/users/" + ann + "/updates", headers);
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /// The next event; comments are passed over.
    private static Event next(BufferedReader in) throws IOException {
        var data = new StringBuilder();
        var id = "";
        while (true) {
            var line = in.readLine();
            assertThat(line).as("the stream ended").isNotNull();
            if (line.startsWith("data: ")) {
                data.append(line.substring("data: ".length())).append('\n');
            } else if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Event((Map<?, ?>) Objects.requireNonNull(Json.parse(data.toString().getBytes(StandardCharsets.UTF_8))), id);
            } else {
                assertThat(line).as("neither data, id nor comment").matches(":.*|");
            }
        }
    }

    @Test
    void anUnknownAccountIsRefusedBeforeTheStream() {
        api.get("/users/5f0c1a2b3c4d5e6f70818283/updates").refused(404, "UserNotFound");
        api.get("/users/" + ann + "/updates?Last-Event-ID=x").refused(400, "InputValidationError");
    }

    @Test
    void newMailIsToldWithCounters() throws IOException, InterruptedException {
        try (var in = follow()) {
            assertThat(in.readLine()).isEqualTo(": idling 1");
            api.message(ann, inbox, "Subject: x\r\n\r\nx\r\n");
            var exists = next(in);
            assertThat(exists.data().get("command")).isEqualTo("EXISTS");
            assertThat(exists.data().get("mailbox")).isEqualTo(inbox);
            assertThat(exists.data().get("uid")).isEqualTo(1);
            assertThat(exists.id()).matches("[0-9a-f]{24}");
            var counters = next(in);
            assertThat(counters.data()).isEqualTo(Map.of("command", "COUNTERS", "mailbox", inbox, "total", 1, "unseen", 0));
            assertThat(counters.id()).isEqualTo(exists.id());
        }
    }

    @Test
    void whatWasMissedIsToldAfterwards() throws IOException, InterruptedException {
        var first = api.message(ann, inbox, "Subject: x\r\n\r\nx\r\n");
        String last;
        try (var in = follow()) {
            assertThat(in.readLine()).isEqualTo(": idling 1");
            api.put(first, Map.of("flagged", true)).ok();
            last = next(in).id();
        }
        api.delete(first).ok();
        var box = api.post("/users/" + ann + "/mailboxes", Map.of("path", "New")).ok().string("id");
        try (var in = follow("Last-Event-ID", last)) {
            assertThat(next(in).data().get("command")).isEqualTo("EXPUNGE");
            var created = next(in).data();
            assertThat(created.get("command")).isEqualTo("CREATE");
            assertThat(created.get("mailbox")).isEqualTo(box);
            assertThat(created.get("path")).isEqualTo("New");
        }
    }

    @Test
    void aLogoutEndsTheStream() throws IOException, InterruptedException {
        try (var in = follow()) {
            assertThat(in.readLine()).isEqualTo(": idling 1");
            api.put("/users/" + ann + "/logout", Map.of("reason", "Bye now")).ok();
            assertThat(next(in).data()).isEqualTo(Map.of("command", "LOGOUT", "reason", "Bye now"));
            assertThat(in.readLine()).isNull();
        }
    }
}
