package org.pintail.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Any bytes are an answer of a web server, in bounds, or none.
class ResponseReaderFuzzTest {
    private static final int MAX = 100;

    @FuzzTest
    void anyBytesAreAnAnswerOrNone(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        try {
            var response = new ResponseReader(new ByteArrayInputStream(bytes), MAX).read();
            assertThat(response.status()).isBetween(200, 999);
            assertThat(response.body().size()).isLessThanOrEqualTo(Math.min(MAX, bytes.length));
        } catch (IOException none) {
            assertThat(none).hasMessageNotContaining("null");
        }
    }
}
