package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 2047.
class EncodedWordTest {
    /// What stands in the header, what it says, why.
    private record Row(String text, String decoded, String why) {}

    private static final List<Row> BROKEN = List.of(
            new Row("=?", "=?", "nothing more"),
            new Row("=?UTF-8", "=?UTF-8", "no encoding"),
            new Row("=?UTF-8?Q", "=?UTF-8?Q", "no text"),
            new Row("=?UTF-8?Q?a", "=?UTF-8?Q?a", "no end"),
            new Row("=?UTF-8?Q?a?", "=?UTF-8?Q?a?", "half an end"),
            new Row("=?nothing?Q?a?=", "=?nothing?Q?a?=", "unknown charset"),
            new Row("=??Q?a?=", "=??Q?a?=", "no charset"),
            new Row("=?UTF-8?X?a?=", "=?UTF-8?X?a?=", "unknown encoding"),
            new Row("=?UTF-8?QQ?a?=", "=?UTF-8?QQ?a?=", "encoding of two letters"),
            new Row("=?UTF-8?B?w6Q?x?=", "=?UTF-8?B?w6Q?x?=", "a question mark is not base64"),
            new Row("=?UTF-8?B?A?=", "=?UTF-8?B?A?=", "six bits are no byte"),
            new Row("=?UTF-8?Q?=4?=", "=4", "half an escape stands for itself"),
            new Row("=?UTF-8?Q?=XY?=", "=XY", "an escape without hex digits stands for itself"),
            new Row("=?UTF-8?Q?=C3?=", "\ufffd", "half a character"),
            new Row("=?nothing?Q?a?= =?UTF-8?Q?b?=", "=?nothing?Q?a?= b", "the word after a broken one is read"),
            new Row("=?UTF-8?B?A?= =?UTF-8?Q?b?=", "=?UTF-8?B?A?= b", "the same with broken base64"));

    private static final List<Row> WHOLE = List.of(
            new Row("", "", "empty"),
            new Row("plain = ?", "plain = ?", "no word"),
            new Row("=?ISO-8859-1?Q?a?=", "a", "RFC 2047 §8"),
            new Row("(=?ISO-8859-1?Q?a?=)", "(a)", "inside other text"),
            new Row("=?ISO-8859-1?Q?a?= b", "a b", "text after a word keeps its space"),
            new Row("b =?ISO-8859-1?Q?a?=", "b a", "text before it too"),
            new Row("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab", "space between words goes"),
            new Row("=?ISO-8859-1?Q?a?= \t  =?ISO-8859-1?Q?b?=", "ab", "all of it"),
            new Row("=?ISO-8859-1?Q?a_b?=", "a b", "underscore is a space"),
            new Row("=?ISO-8859-1?Q?a=5Fb?=", "a_b", "and an escaped one is not"),
            new Row("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b", "words of two charsets"),
            new Row("=?iso-8859-1?q?=e4?=", "ä", "lower case"),
            new Row("=?UTF-8*en?B?w6Q=?=", "ä", "RFC 2231 §5: a language"),
            new Row("=?UTF-8?B?w6Q?=", "ä", "base64 without its padding"),
            new Row("=?UTF-8?B?w6Q===?=", "ä", "and with more of it than there should be"),
            new Row("=?UTF-8?B??=", "", "nothing encoded"),
            new Row("=?UTF-8?Q??=", "", "the same in Q"),
            new Row("=?UTF-8?Q?=C3?= =?UTF-8?Q?=A4?=", "ä", "a character cut in two"),
            new Row("=?UTF-8?B?8J8=?= =?UTF-8?B?mIA=?=", "😀", "a character cut in two, base64"),
            new Row("=?UTF-8?Q?=C3?= =?UTF-8?B?pA==?=", "ä", "even across the two encodings"),
            new Row("=?utf-8?Q?Who??=", "Who?", "QUIRK: a bare question mark"),
            new Row("=?utf-8?Q?😀?=", "😀", "QUIRK: raw characters inside"),
            new Row("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "日本", "a charset with shifts"),
            new Row("=?gb2312?B?1tDOxA==?=", "中文", "gb2312 is meant as GBK"),
            new Row("=?US-ASCII?Q?Keith_Moore?=", "Keith Moore", "RFC 2047 §8"));

    @Test
    void whatIsNoWordStays() {
        BROKEN.forEach(row -> assertThat(EncodedWord.decode(row.text())).as(row.why()).isEqualTo(row.decoded()));
    }

    @Test
    void wordsAreDecoded() {
        WHOLE.forEach(row -> assertThat(EncodedWord.decode(row.text())).as(row.why()).isEqualTo(row.decoded()));
    }

    @Test
    void whatIsEncodedIsShortAndDecodesToItself() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < 2000; run++) {
            var text = text(random);
            var encoded = EncodedWord.encode(text);
            assertThat(EncodedWord.decode(encoded.replace("\r\n", ""))).as("seed %d run %d", seed, run).isEqualTo(text);
            assertThat(encoded.split("\r\n ")).as("seed %d run %d", seed, run).allMatch(word -> word.length() <= 75 || word.equals(text));
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int n = random.nextInt(120); n > 0; n--) {
            text.appendCodePoint(switch (random.nextInt(5)) {
                case 0 -> random.nextInt(0x20, 0x7f);
                case 1 -> random.nextInt(0, 0x20);
                case 2 -> "=?_ ".charAt(random.nextInt(4));
                case 3 -> random.nextInt(0x80, 0xd800);
                default -> random.nextInt(0x1f300, 0x1f700);
            });
        }
        return text.toString();
    }

    @Test
    void printableTextIsNotEncoded() {
        assertThat(EncodedWord.encode("Plain text, 100%")).isEqualTo("Plain text, 100%");
        assertThat(EncodedWord.encode("not =?a word")).startsWith("=?UTF-8?");
        assertThat(EncodedWord.encode("a\nb")).as("no way to break a line").startsWith("=?UTF-8?").doesNotContain("\n");
    }
}
