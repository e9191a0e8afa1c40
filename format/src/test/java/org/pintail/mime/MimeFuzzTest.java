package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Any bytes are a message: they have a structure, and come back as they were.
class MimeFuzzTest {
    @FuzzTest
    void anyBytesAreAMessage(byte @Nullable [] bytes) throws IOException {
        if (bytes != null) {
            Trees.check("input", bytes);
        }
    }

    /// RFC 6858: what is left of UTF-8 in the headers of a surrogate is none, and there is one for every message of this size.
    @FuzzTest
    void everyMessageHasASurrogate(byte @Nullable [] bytes) throws IOException {
        if (bytes != null) {
            var message = Source.of(bytes);
            var parts = MimeParser.parse(message).root();
            var surrogate = Surrogate.of(message, parts).orElseThrow();
            var read = surrogate.readAll();
            assertThat(read).hasSize((int) surrogate.size());
            if (surrogate != message) {
                var header = MimeParser.parse(surrogate).root();
                assertThat(AsciiFields.anyUtf8(Arrays.copyOf(read, (int) header.bodyStart()))).isFalse();
            }
        }
    }
}
