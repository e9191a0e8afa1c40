package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderTest {
    /// Each row: what stands in the header, what it says, why.
    private static final List<List<String>> ENCODED_WORDS = List.of(
            List.of("=?UTF-8?Q?a", "=?UTF-8?Q?a", "no end"),
            List.of("=?nothing?Q?a?=", "=?nothing?Q?a?=", "unknown charset"),
            List.of("=?UTF-8?X?a?=", "=?UTF-8?X?a?=", "unknown encoding"),
            List.of("=?ISO-8859-1?Q?a?=", "a", "RFC 2047 §8"),
            List.of("=?ISO-8859-1?Q?a?= b", "a b", "text after a word"),
            List.of("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab", "space between words goes"),
            List.of("=?ISO-8859-1?Q?a_b?=", "a b", "underscore is a space"),
            List.of("=?UTF-8*en?B?w6Q=?=", "ä", "RFC 2231 §5 language"),
            List.of("=?UTF-8?Q?=C3?= =?UTF-8?Q?=A4?=", "ä", "a character cut in two"));

    @Test
    void encodedWordsAreDecodedAndBrokenOnesStay() {
        for (var row : ENCODED_WORDS) {
            assertThat(EncodedWord.decode(row.get(0))).as(row.get(2)).isEqualTo(row.get(1));
        }
    }

    @Test
    void whatIsEncodedDecodesToItself() {
        var random = new Random(3);
        for (int i = 0; i < 500; i++) {
            var text = random.ints(random.nextInt(80), 0x20, 0x3000).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            var encoded = EncodedWord.encode(text);
            assertThat(EncodedWord.decode(encoded.replace("\r\n", ""))).isEqualTo(text);
            assertThat(encoded.split("\r\n ")).allMatch(word -> word.length() <= 75 || word.equals(text));
        }
    }

    @Test
    void addressListsAreReadWithGroupsCommentsAndRoutes() {
        assertThat(HeaderAddress.parseList("not an address, ;;, <>")).isEmpty();
        assertThat(HeaderAddress.mailboxes("\"Smith, J.\" <j@x.org>, a@b (comment), List: c@d, <e@f>;, <@r,@s:g@h>"))
                .extracting(HeaderAddress.Mailbox::address)
                .containsExactly("j@x.org", "a@b", "c@d", "e@f", "g@h");
        assertThat(HeaderAddress.parseList("undisclosed-recipients:;"))
                .containsExactly(new HeaderAddress.Group("undisclosed-recipients", List.of()));
    }

    @Test
    void datesAreReadTolerantly() {
        assertThat(MailDate.parse("")).isEmpty();
        assertThat(MailDate.parse("yesterday")).isEmpty();
        assertThat(MailDate.parse("32 Foo 2020 10:00:00 +0000")).isEmpty();
        assertThat(MailDate.parse("Fri, 21 Nov 1997 09:55:06 -0600").orElseThrow()).hasToString("1997-11-21T09:55:06-06:00");
        assertThat(MailDate.parse("21 Nov 97 09:55 GMT (comment)").orElseThrow()).hasToString("1997-11-21T09:55Z");
        assertThat(MailDate.parse("Fri,21-Nov-1997 09:55:06 EST").orElseThrow()).hasToString("1997-11-21T09:55:06-05:00");
    }

    @Test
    void fieldsKeepTheirRawBytes() {
        var headers = Headers.parse("Subject: a\r\n b\r\nX: \u00e4\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(headers.value("subject")).contains("a b");
        assertThat(headers.value("x")).contains("ä");
        assertThat(headers.first("subject").orElseThrow().raw()).isEqualTo("Subject: a\r\n b");
    }
}
