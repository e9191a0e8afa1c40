package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 6858 §2. `|` stands for a line break.
class SurrogateTest {
    private static String surrogate(String message) throws IOException {
        var source = Source.of(message.replace("|", "\r\n").getBytes(StandardCharsets.UTF_8));
        var made = Surrogate.of(source, MimeParser.parse(source).root()).orElseThrow();
        assertThat(made.readAll()).hasSize((int) made.size());
        return new String(made.readAll(), StandardCharsets.UTF_8).replace("\r\n", "|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "Subject: Grüße § Subject: =?UTF-8?B?R3LDvMOfZQ==?=",
                "Subject: =?utf-8?q?=C3=BC?= ü § Subject: =?UTF-8?B?w7wgw7w=?=",
                "To: Jörg <j@example.com>, k@example.com § To: =?UTF-8?B?SsO2cmc=?= <j@example.com>,| k@example.com",
                "To: j@exämple.com § To: j@xn--exmple-cua.com",
                "Cc: \"a, b\" <a@b.c>, ü@b.c § Cc: \"a, b\" <a@b.c>,| =?UTF-8?B?PMO8QGIuYz4=?=| <invalid@internationalized-address.invalid>",
                "X-Note: ä § X-Note: =?UTF-8?B?w6Q=?=",
                "Content-Disposition: attachment; filename=\"ä.txt\" § Content-Disposition: attachment;| filename*0*=utf-8''%C3%A4.txt"
            })
    void fieldsAreWrittenInAscii(String field, String expected) throws IOException {
        assertThat(surrogate(field + "|A: b||bödy|"))
                .isEqualTo(expected + "|A: b||bödy|");
    }

    @Test
    void groupsKeepTheirMembers() throws IOException {
        assertThat(surrogate("To: Tëam: a@b.c, ö@b.c;||x"))
                .isEqualTo("To: =?UTF-8?B?VMOrYW0=?=: a@b.c,| =?UTF-8?B?PMO2QGIuYz4=?=| <invalid@internationalized-address.invalid>;||x");
    }

    /// Old mailers end lines in CR alone, and so ends the header.
    @Test
    void theEmptyLineStaysWhateverLinesEndIn() throws IOException {
        assertThat(surrogate("Subject: \u00fc\rA: b\r\r\u00fc: body")).isEqualTo("Subject: =?UTF-8?B?w7w=?=|A: b\r\r\u00fc: body");
        assertThat(surrogate("Received: \u00fc\n\n\u00fc: body")).isEqualTo("\n\u00fc: body");
        assertThat(surrogate("A: b\rReceived: \u00fc\n\n\u00fc: body")).isEqualTo("A: b|\n\u00fc: body");
    }

    /// RFC 6858 §2.4.
    @Test
    void whatHasNoWayToBeWrittenIsLeftOut() throws IOException {
        assertThat(surrogate("Received: from ä by b|References: <ü@x>|Subject: ü|no colon ü|X-ü: y||x")).isEqualTo("Subject: =?UTF-8?B?w7w=?=||x");
    }

    @Test
    void headersOfPartsAreWrittenAnew() throws IOException {
        var parts = "Content-Type: multipart/mixed; boundary=b||--b|Content-Type: text/plain; name=\"ä\"||ä|--b|"
                + "Content-Type: message/rfc822||Subject: ö||ö|--b--|";
        assertThat(surrogate(parts))
                .isEqualTo("Content-Type: multipart/mixed; boundary=b||--b|Content-Type: text/plain;| name*0*=utf-8''%C3%A4||ä|--b|"
                        + "Content-Type: message/rfc822||Subject: =?UTF-8?B?w7Y=?=||ö|--b--|");
    }

    @Test
    void withoutUtf8InAnyHeaderItIsTheMessageItself() throws IOException {
        var latin1 = Source.of("Subject: \u00fc\r\n\r\n\u00fc".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Surrogate.of(latin1, MimeParser.parse(latin1).root())).containsSame(latin1);
    }
}
