package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Any bytes are header fields, and any field has a text, addresses and perhaps a date.
class HeaderFuzzTest {
    @FuzzTest
    void anyBytesAreAHeader(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        for (var field : Headers.parse(bytes).fields()) {
            var value = field.value();
            assertThat(value).doesNotContain("\r", "\n");
            var text = field.decoded();
            for (var mailbox : HeaderAddress.mailboxes(value)) {
                assertThat(mailbox.address()).isNotEmpty();
                assertThat(mailbox.decodedName()).isNotNull();
            }
            MailDate.parse(value).ifPresent(date -> assertThat(date.getYear()).isBetween(0, 9999));
            if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                assertThat(EncodedWord.decode(EncodedWord.encode(text).replace("\r\n", ""))).isEqualTo(text);
            }
        }
    }
}
