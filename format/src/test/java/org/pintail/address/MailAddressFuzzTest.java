package org.pintail.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Any text is an address or none; an address reads back from its written form, which holds nothing that could break a line.
class MailAddressFuzzTest {
    @FuzzTest
    void anAddressReadsBack(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        MailAddress.parse(new String(bytes, StandardCharsets.UTF_8)).ifPresent(address -> {
            var written = address.toString();
            assertThat(written.chars().noneMatch(Character::isISOControl)).as(written).isTrue();
            assertThat(MailAddress.parse(written)).as(written).contains(address);
            assertThat(address.view()).contains("@").doesNotContain("\n");
            assertThat(address.asciiDomain()).isNotEmpty();
        });
    }
}
