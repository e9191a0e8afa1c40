package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CharsetsTest {
    /// Bytes, the charset they claim, what they say, why.
    private record Row(String hex, String charset, String text, String why) {}

    private static final List<Row> ROWS = List.of(
            new Row("", "utf-8", "", "nothing"),
            new Row("ff", "utf-8", "\ufffd", "no UTF-8, and nobody knows what else"),
            new Row("e4", "", "ä", "no name and no UTF-8: windows-1252"),
            new Row("93", "us-ascii", "“", "8-bit in US-ASCII that is no UTF-8"),
            new Row("c3a4", "us-ascii", "ä", "8-bit in US-ASCII that is UTF-8"),
            new Row("c3a4", "x-nothing", "ä", "an unknown charset that is UTF-8"),
            new Row("c3a4", "", "ä", "no name"),
            new Row("61", "../../etc/passwd", "a", "a name that is no name"),
            new Row("c3a4", " UTF8 ", "ä", "name in capitals, with blanks"),
            new Row("c3a4", "unicode-1-1-utf-8", "ä", "old name of UTF-8"),
            new Row("80", "cp1252", "€", "an alias"),
            new Row("e4", "latin1", "ä", "an alias"),
            new Row("8140", "gb2312", "丂", "gb2312 that is GBK"),
            new Row("8141", "ks_c_5601-1987", "갂", "the name Windows has for its code page 949"),
            new Row("e9ec", "iso-8859-8-i", "יל", "the order of letters is not the business of a charset"),
            new Row("feff0061", "utf-16", "a", "a byte order mark"),
            new Row("1b2442467c4b5c1b2842", "iso-2022-jp", "日本", "shifts"));

    @Test
    void bytesAreReadAsWhatIsMostLikelyMeant() {
        for (var row : ROWS) {
            assertThat(Charsets.decode(HexFormat.of().parseHex(row.hex()), row.charset())).as(row.why()).isEqualTo(row.text());
        }
    }

    @Test
    void namesAreFoundUnderTheirAliases() {
        assertThat(Charsets.find("")).isEmpty();
        assertThat(Charsets.find("a".repeat(100_000))).isEmpty();
        assertThat(Charsets.find("csISOLatin1")).contains(StandardCharsets.ISO_8859_1);
        assertThat(Charsets.find("KOI8-R")).isPresent();
        assertThat(Charsets.find("Shift_JIS")).isPresent();
    }
}
