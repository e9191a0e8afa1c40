package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.header.Charsets;

/// Any bytes are text of some charset, encoding and HTML; the first byte chooses.
class TextFuzzTest {
    private static final List<String> CHARSETS = List.of("", "utf-8", "us-ascii", "iso-2022-jp", "gb18030", "utf-16", "windows-1257", "nothing");
    private static final List<String> ENCODINGS = List.of("7bit", "base64", "quoted-printable", "x-unknown");

    @FuzzTest
    void anyBytesAreText(byte @Nullable [] bytes) throws IOException {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        try (var in = TransferEncoding.decode(
                new ByteArrayInputStream(bytes, 1, bytes.length - 1), ENCODINGS.get(bytes[0] >> 3 & 3))) {
            var decoded = in.readAllBytes();
            assertThat(decoded.length).isLessThan(bytes.length);
            var text = Charsets.decode(decoded, CHARSETS.get(bytes[0] & 7));
            assertThat(Intro.of(text, List.of(text)).length()).isLessThanOrEqualTo(129);
            assertThat(HtmlText.of(HtmlText.paragraph(text))).isNotNull();
        }
    }
}
