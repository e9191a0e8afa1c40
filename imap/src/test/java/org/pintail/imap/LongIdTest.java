package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.imap.wire.ImapLimits;

/// RFC 2971 §3.3: thirty fields with values of 1,024 characters, before login too; nothing else may be that long there.
class LongIdTest {
    @TempDir
    private Path directory;

    private static String id(int fields, int value) {
        var pairs = new StringBuilder();
        for (int i = 0; i < fields; i++) {
            pairs.append(i == 0 ? "" : " ").append("\"f").append(i).append("\" \"").append("x".repeat(value)).append('"');
        }
        return "Id (" + pairs + ")";
    }

    @Test
    void theLongestIdIsReadBeforeLogin() throws IOException {
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var client = server.connect(false)) {
            client.receive();
            client.send("a1 " + id(30, 1024));
            assertThat(client.receive()).startsWith("* ID (");
            assertThat(client.receive()).isEqualTo("a1 OK ID completed");
            client.send("a2 " + id(30, 2500));
            assertThat(client.receive()).isEqualTo("* BAD Command line too long");
            client.send("a3 " + id(31, 1024));
            assertThat(client.receive()).startsWith("a3 BAD");
            client.send("a4 IDLE" + " ".repeat(8200));
            assertThat(client.receive()).isEqualTo("* BAD Command line too long");
            client.send("ID" + id(30, 1024));
            assertThat(client.receive()).isEqualTo("* BAD Command line too long");
            client.send("a5 NOOP");
            assertThat(client.receive()).startsWith("a5 OK");
        }
    }
}
