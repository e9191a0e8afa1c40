package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Set;
import java.util.stream.Collectors;
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
            var some = document.fields().keySet().stream().filter(name -> name.hashCode() % 2 == 0).collect(Collectors.toSet());
            assertThat(DocumentCodec.decode(bytes, some).fields().keySet()).containsExactlyInAnyOrderElementsOf(some);
        } catch (StoreException.Corrupt expected) {
            assertThat(expected).hasMessageContaining("BSON");
        }
        try {
            assertThat(DocumentCodec.decode(bytes, Set.of("a")).fields().keySet()).isSubsetOf("a");
        } catch (StoreException.Corrupt expected) {
            assertThat(expected).hasMessageContaining("BSON");
        }
    }
}
