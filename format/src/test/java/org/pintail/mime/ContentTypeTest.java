package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 2045 §5.1, RFC 2183, RFC 2231.
class ContentTypeTest {
    /// The value of the field, `type/subtype`, parameters as `name=value`, why.
    private record Row(String value, String type, List<String> parameters, String why) {
        Row(String value, String type, String why, String... parameters) {
            this(value, type, List.of(parameters), why);
        }
    }

    private static final List<Row> BAD = List.of(
            new Row("", "application/octet-stream", "nothing"),
            new Row("/", "application/octet-stream", "no words"),
            new Row("text/", "application/octet-stream", "no subtype"),
            new Row("text", "text/plain", "QUIRK: what old mailers write"),
            new Row("html", "application/octet-stream", "one word"),
            new Row("te xt/plain", "application/octet-stream", "a blank inside"),
            new Row("text/pl\u00e4in", "application/octet-stream", "no token"),
            new Row("a/" + "b".repeat(128), "application/octet-stream", "a subtype of 128"),
            new Row("text/plain; charset", "text/plain", "no value"),
            new Row("text/plain; =utf-8", "text/plain", "no name"),
            new Row("text/plain;;; ;charset=utf-8;", "text/plain", "too many semicolons", "charset=utf-8"),
            new Row("text/plain; charset=\"utf-8", "text/plain", "an open quote", "charset=utf-8"),
            new Row("text/plain; a=\"b\\", "text/plain", "a backslash at the end", "a=b\\"),
            new Row("text/plain (a; charset=b", "text/plain", "an open comment"),
            new Row("text/plain; a=1; a=2", "text/plain", "the first of two", "a=1"),
            new Row("text/plain; a*=utf-8'%C3", "text/plain", "a charset that does not end", "a=utf-8'\u00c3"),
            new Row("text/plain; a*=utf-8''%C3%", "text/plain", "half a character, half an escape", "a=\ufffd%"),
            new Row("text/plain; a*=x-nothing''%C3%A4", "text/plain", "unknown charset", "a=\u00e4"),
            new Row("text/plain; a*1=c; a*3=d", "text/plain", "sections that are missing", "a=cd"),
            new Row("text/plain; a*9999=c", "text/plain", "a section too large is a name", "a*9999=c"));

    private static final List<Row> GOOD = List.of(
            new Row("text/plain", "text/plain", "no parameters"),
            new Row("TEXT/Html; Charset=UTF-8", "text/html", "case", "charset=UTF-8"),
            new Row("text/plain; charset=us-ascii (Plain text)", "text/plain", "RFC 2045 §5.1: a comment", "charset=us-ascii"),
            new Row("text/plain (a \\) b); charset=\"us-ascii\"", "text/plain", "one with a quoted-pair", "charset=us-ascii"),
            new Row("text / plain ; charset = utf-8 ; format = flowed", "text/plain", "blanks", "charset=utf-8", "format=flowed"),
            new Row("multipart/mixed; boundary=\"a; b=\\\"c\\\"\"; x=y", "multipart/mixed", "what quotes hold", "boundary=a; b=\"c\"", "x=y"),
            new Row(
                    "message/external-body; access-type=URL; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
                    "message/external-body",
                    "RFC 2231 §3", "access-type=URL", "url=ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"),
            new Row(
                    "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
                    "application/x-stuff",
                    "RFC 2231 §4", "title=This is ***fun***"),
            new Row(
                    "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
                    "application/x-stuff",
                    "RFC 2231 §4.1", "title=This is even more ***fun*** isn't it!"),
            new Row("a/b; n*1=c; n*0=b", "a/b", "sections out of order", "n=bc"),
            new Row("a/b; n*0*=utf-8''%C3; n*1*=%A4", "a/b", "a character cut in two", "n=\u00e4"),
            new Row("a/b; n=a; n*=utf-8''%C3%A4", "a/b", "RFC 5987 §4.2: both forms, the encoded one wins", "n=\u00e4"),
            new Row("a/b; n*=utf-8''%C3%A4; n=a", "a/b", "in either order", "n=\u00e4"),
            new Row("a/b; n*=utf-8''\ud83d\ude00%41", "a/b", "QUIRK: raw characters where there should be escapes", "n=\ud83d\ude00A"),
            new Row("a/b; n=\"=?utf-8?Q?=C3=A4.pdf?=\"", "a/b", "QUIRK: encoded words", "n=\u00e4.pdf"),
            new Row("a/b; n=\u00e4.pdf", "a/b", "QUIRK: raw 8-bit", "n=\u00e4.pdf"));

    @Test
    void anyValueHasATypeAndItsParameters() {
        BAD.forEach(ContentTypeTest::check);
        GOOD.forEach(ContentTypeTest::check);
    }

    private static void check(Row row) {
        var type = ContentType.parse(row.value());
        assertThat(type.type() + "/" + type.subtype()).as(row.why()).isEqualTo(row.type());
        assertThat(type.parameters().list().stream().map(p -> p.name() + "=" + p.value()).toList())
                .as(row.why())
                .isEqualTo(row.parameters());
    }

    @Test
    void aDispositionThatIsNoneIsAnAttachment() {
        assertThat(ContentType.disposition("").type()).isEqualTo("attachment");
        assertThat(ContentType.disposition("in line").type()).isEqualTo("attachment");
        assertThat(ContentType.disposition("INLINE; filename=x").type()).isEqualTo("inline");
        assertThat(ContentType.disposition("inline; filename=\"a b\"").parameters().value("filename")).contains("a b");
    }

    @Test
    void aBoundaryIsBytes() {
        assertThat(boundary("multipart/mixed")).isEmpty();
        assertThat(boundary("multipart/mixed; boundary=\"\"")).isEmpty();
        assertThat(boundary("multipart/mixed; boundary=\"a b  \"")).as("RFC 2046 §5.1.1: no blank at its end").isEqualTo("a b");
        assertThat(boundary("multipart/mixed; boundary=\"=?utf-8?Q?x?=\"")).as("no encoded word").isEqualTo("=?utf-8?Q?x?=");
        assertThat(boundary("multipart/mixed; boundary=\u00c3\u00a4")).as("UTF-8 stays two bytes").isEqualTo("\u00c3\u00a4");
        assertThat(boundary("multipart/mixed; boundary*0=a; boundary*1=b")).as("RFC 2231 §3").isEqualTo("ab");
        assertThat(boundary("multipart/mixed; boundary*=us-ascii''a%2Fb")).as("RFC 2231 §4").isEqualTo("a/b");
    }

    private static String boundary(String value) {
        return new String(ContentType.boundary(value), StandardCharsets.ISO_8859_1);
    }

    @Test
    void noMoreThanAHundredParametersAreRead() {
        var value = new StringBuilder("a/b");
        for (int i = 0; i < 1000; i++) {
            value.append("; p").append(i).append("=x");
        }
        assertThat(ContentType.parse(value.toString()).parameters().list()).hasSize(100);
    }
}
