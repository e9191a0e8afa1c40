package org.pintail.imap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.provider.MethodSource;

/// After login, any bytes are answered or end the connection.
class AuthenticatedFuzzTest {
    @RegisterExtension
    static final FuzzedDialogue DIALOGUE = new FuzzedDialogue();

    @MethodSource("org.pintail.imap.FuzzedDialogue#transcripts")
    @FuzzTest // the last annotation, or Jazzer refuses
    void anyBytesAreAnswered(byte @Nullable [] bytes) {
        if (bytes != null) {
            DIALOGUE.say(true, "", bytes);
        }
    }
}
