package org.pintail.imap.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Bytes;
import org.pintail.imap.envelope.Envelope.Address;
import org.pintail.imap.envelope.Envelope.Field;
import org.pintail.mime.ImapStructure;
import org.pintail.mime.MimeParser;
import org.pintail.mime.Source;

/// What was rendered is read again.
class EnvelopeTest {
    private static Envelope of(String message) throws IOException {
        var root = MimeParser.parse(Source.of(message.getBytes(StandardCharsets.UTF_8))).root();
        return new Envelope(Bytes.wrap(ImapStructure.envelope(root, false)));
    }

    @Test
    void aMessageWithoutFieldsHasNone() throws IOException {
        var envelope = of("\r\n");
        for (var field : Field.values()) {
            assertThat(envelope.has(field)).isFalse();
            assertThat(envelope.text(field)).isEmpty();
            assertThat(envelope.addresses(field)).isEmpty();
            assertThat(envelope.addressText(field)).isEmpty();
            assertThat(envelope.isCut(field)).isFalse();
        }
    }

    @Test
    void fieldsAreFoundInTheirPlaces() throws IOException {
        var envelope = of("Date: Mon, 2 Nov 2026 08:00:00 +0000\r\nSubject: a \\ \"b\" (c) =?utf-8?Q?J=C3=B6rg?=\r\n"
                + "From: \"Q. (\\\"x\\\")\" <q@a.org>\r\nTo: team: a@b.org, \"B\" <b@c.org>;, d@e.org\r\n"
                + "In-Reply-To: <1@x>\r\nMessage-ID: <2@x>\r\n\r\n");
        assertThat(envelope.text(Field.DATE)).isEqualTo("Mon, 2 Nov 2026 08:00:00 +0000");
        assertThat(envelope.text(Field.SUBJECT)).isEqualTo("a \\ \"b\" (c) Jörg");
        assertThat(envelope.addresses(Field.FROM)).containsExactly(new Address("Q. (\"x\")", "q", "a.org"));
        assertThat(envelope.addresses(Field.TO))
                .containsExactly(
                        new Address(null, "team", null),
                        new Address(null, "a", "b.org"),
                        new Address("B", "b", "c.org"),
                        new Address(null, null, null),
                        new Address(null, "d", "e.org"));
        assertThat(envelope.addressText(Field.TO)).isEqualTo("team:, a@b.org, B <b@c.org>, d@e.org");
        assertThat(envelope.addresses(Field.SENDER)).isEqualTo(envelope.addresses(Field.FROM));
        assertThat(envelope.has(Field.CC)).isFalse();
        assertThat(envelope.text(Field.IN_REPLY_TO)).isEqualTo("<1@x>");
        assertThat(envelope.text(Field.MESSAGE_ID)).isEqualTo("<2@x>");
    }

    @Test
    void whatWasTooLongIsKnownToBeCut() throws IOException {
        var envelope = of("Subject: " + "x".repeat(20_000) + "\r\nTo: a@b\r\n\r\n");
        assertThat(envelope.isCut(Field.SUBJECT)).isTrue();
        assertThat(envelope.isCut(Field.TO)).isFalse();
    }

    @Test
    void literalsAreStrings() {
        var bytes = "(NIL {5}\r\na\"b)c ((NIL NIL {1}\r\nx \"y\")) NIL NIL NIL NIL NIL NIL \"<i>\")".getBytes(StandardCharsets.US_ASCII);
        var envelope = new Envelope(Bytes.wrap(bytes));
        assertThat(envelope.text(Field.SUBJECT)).isEqualTo("a\"b)c");
        assertThat(envelope.addresses(Field.FROM)).containsExactly(new Address(null, "x", "y"));
        assertThat(envelope.text(Field.MESSAGE_ID)).isEqualTo("<i>");
    }
}
