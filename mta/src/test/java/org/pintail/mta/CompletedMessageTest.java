package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.mime.Source;

class CompletedMessageTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String WHOLE = "From: <alice@example.org>\r\nDate: Mon, 2 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n";

    private static CompletedMessage completed(String message) {
        return CompletedMessage.of(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)), "alice@example.org", NOON);
    }

    private static String text(String message) {
        return MtaFixture.text(completed(message).source());
    }

    @Test
    void aWholeMessageStaysAsItIs() {
        var message = WHOLE + "Subject: a\r\n  folded\t line\r\nX: \u00e4\r\n\r\n\r\nbody\n.\rwith any bytes \0\u00ff";
        assertThat(text(message)).isEqualTo(message);
    }

    @Test
    void dateAndMessageIdAndFromAreAddedWhereMissing() {
        assertThat(text("Subject: x\r\n\r\nbody")).matches("(?s)"
                + "Subject: x\r\nMessage-ID: <[0-9a-f-]{36}@example\\.org>\r\nDate: Sun, 1 Mar 2026 12:00:00 \\+0000\r\n"
                + "From: <alice@example\\.org>\r\n\r\nbody");
    }

    @Test
    void whatCannotBeReadAsDateOrMessageIdIsReplaced() {
        assertThat(text("From: <alice@example.org>\r\nDate: yesterday\r\nMessage-ID: none\r\n\r\n"))
                .contains("Date: Sun, 1 Mar 2026 12:00:00 +0000\r\n", "Message-ID: <")
                .doesNotContain("yesterday")
                .doesNotContain("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bcc: a@example.com\r\n", "bcc: a@example.com,\r\n b@example.com\r\nBCC:\r\n", "Resent-Bcc: a@example.com\r\n"})
    void blindCopiesAreTakenOut(String bcc) {
        assertThat(text(bcc + WHOLE + "\r\nBcc: in the body\r\n")).isEqualTo(WHOLE + "\r\nBcc: in the body\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Alice <a@evil.example>                   | "Alice" <alice@example.org>
            a@evil.example                           | <alice@example.org>
            "O\\"Neil, A" <a@evil.example>           | "ONeil, A" <alice@example.org>
            =?utf-8?Q?J=C3=B6rg?= <a@evil.example>   | =?utf-8?Q?J=C3=B6rg?= <alice@example.org>
            nonsense                                 | <alice@example.org>
            """)
    void anotherFromKeepsTheName(String from, String expected) {
        var message = completed(WHOLE.replace("<alice@example.org>", from) + "\r\nbody").withFrom("alice@example.org");
        assertThat(MtaFixture.text(message.source()))
                .startsWith("From: " + expected + "\r\n")
                .contains("X-WildDuck-Original-From: " + from + "\r\n")
                .endsWith("\r\n\r\nbody");
    }

    @Test
    void ofSeveralFromFieldsOneIsLeft() {
        var message = completed("From: <a@evil.example>\r\n" + WHOLE + "\r\nbody").withFrom("alice@example.org");
        assertThat(message.headers().all("from")).hasSize(1);
        assertThat(message.headers().all("x-wildduck-original-from")).hasSize(2);
    }

    @Test
    void bareLineFeedsInTheHeaderBecomeCrlf() {
        assertThat(text(WHOLE.replace("\r\n", "\n") + "\nbody\n")).isEqualTo(WHOLE + "\r\nbody\n");
    }

    @Test
    void aMessageWithoutBodyIsAHeader() {
        assertThat(text(WHOLE)).isEqualTo(WHOLE + "\r\n");
    }

    @Test
    void aBodyWithoutHeaderIsKept() {
        assertThat(text("\r\nonly a body\r\n")).endsWith("From: <alice@example.org>\r\n\r\nonly a body\r\n");
    }

    @Test
    void aLineThatIsNoFieldIsNotLost() {
        assertThat(text("only text\r\nSubject: x\r\nmore text\r\n\r\nbody")).contains("only text\r\n", "Subject: x\r\nmore text\r\n").endsWith("\r\n\r\nbody");
    }

    @Test
    void aHeaderWithoutEndIsRefused() {
        assertThatThrownBy(() -> completed("X: x\r\n".repeat(200_000))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("header larger");
    }
}
