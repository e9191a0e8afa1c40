package org.pintail.imap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// After login, any bytes are answered or end the connection.
class AuthenticatedFuzzTest {
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
            dialogue.say(bytes, true);
        }
    }
}
