package org.pintail.imap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// With a mailbox selected, any bytes are answered or end the connection.
class SelectedFuzzTest {
    @TempDir
    static Path directory = Path.of(".");

    private static @Nullable FuzzedDialogue dialogue;

    @BeforeAll
    static void open() throws IOException {
        dialogue = new FuzzedDialogue(directory);
    }

    @AfterAll
    static void close() {
        if (dialogue != null) {
            dialogue.close();
        }
    }

    @FuzzTest
    void anyBytesAreAnswered(byte @Nullable [] bytes) {
        if (bytes != null && dialogue != null) {
            var select = "s SELECT INBOX\r\n".getBytes(StandardCharsets.US_ASCII);
            var commands = Arrays.copyOf(select, select.length + bytes.length);
            System.arraycopy(bytes, 0, commands, select.length, bytes.length);
            dialogue.say(commands, true);
        }
    }
}
