package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.mime.ImapStructure;
import org.pintail.mime.MimeParser;
import org.pintail.mime.Source;

/// BODY cut out of BODYSTRUCTURE is BODY as it would have been rendered.
class StructureTrimTest {
    private static final String MULTIPART = "Content-Type: multipart/mixed; boundary=x\r\nSubject: a\r\n\r\n--x\r\n\r\none\r\n"
            + "--x\r\nContent-Type: text/html; charset=\"a\\\"(b\"\r\nContent-Disposition: attachment; filename=\"c)\"\r\n\r\n<p>\r\n"
            + "--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <i@d>\r\n\r\nAAAA\r\n--x--\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Subject: x\r\n\r\nhello\r\n",
                "Content-Type: image/png; name=a\r\nContent-Language: de\r\n\r\nx",
                "Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing\r\n",
                MULTIPART,
                "Content-Type: message/rfc822\r\n\r\n" + MULTIPART,
                "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nSubject: \"q\\\\\" {3}\r\nTo: a@b, c@d\r\n\r\nhi\r\n",
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n",
                "Content-Type: message/global; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n",
                "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n"
            })
    void extensionDataGoesAndNothingElse(String message) throws IOException {
        var root = MimeParser.parse(Source.of(message.getBytes(StandardCharsets.UTF_8))).root();
        var trimmed = StructureTrim.body(ImapStructure.bodyStructure(root));
        assertThat(new String(trimmed, StandardCharsets.UTF_8))
                .isEqualTo(new String(ImapStructure.body(root), StandardCharsets.UTF_8));
    }
}
