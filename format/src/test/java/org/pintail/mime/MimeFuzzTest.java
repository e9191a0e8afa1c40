package org.pintail.mime;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Any bytes are a message: they have a structure, and come back as they were.
class MimeFuzzTest {
    @FuzzTest
    void anyBytesAreAMessage(byte @Nullable [] bytes) throws IOException {
        if (bytes != null) {
            Trees.check("input", bytes);
        }
    }
}
