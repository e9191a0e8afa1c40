package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;

/// Any bytes are a BSON document or corrupt, and a document is written as it was read.
class DocumentCodecFuzzTest {
    @FuzzTest
    void anyBytesAreADocumentOrCorrupt(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        try {
            var document = DocumentCodec.decode(bytes);
            assertThat(DocumentCodec.decode(DocumentCodec.encode(document))).isEqualTo(document);
        } catch (StoreException.Corrupt expected) {
            assertThat(expected).hasMessageContaining("BSON");
        }
    }
}
