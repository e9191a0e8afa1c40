package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 5322 §2.2, RFC 6532.
class HeadersTest {
    /// A header block, its fields as `name|value`, why.
    private record Row(String block, List<String> fields, String why) {
        Row(String block, String why, String... fields) {
            this(block, List.of(fields), why);
        }
    }

    private static final List<Row> ROWS = List.of(
            new Row("", "nothing"),
            new Row("\r\n\r\n", "line breaks"),
            new Row("no colon\r\nA: b\r\n", "a line that is no field", "|no colon", "A|b"),
            new Row(": b\r\n", "no name", "|b"),
            new Row("A:\r\nB: c", "no value, no last line break", "A|", "B|c"),
            new Row("A : b\r\n", "RFC 5322 §4.5: a blank before the colon", "A|b"),
            new Row(" A: b\r\nC: d", "a first line that continues nothing", "A|b", "C|d"),
            new Row("A: b\r\n\tc\r\n d\r\n", "folded", "A|b\tc d"),
            new Row("A: b\r\n \r\n c\r\n", "RFC 5322 §4.2: a folded line of blanks", "A|b  c"),
            new Row("A: b\nC: d\rE: f\r\n", "every kind of line break", "A|b", "C|d", "E|f"),
            new Row("A: b: c\r\n", "a colon in the value", "A|b: c"),
            new Row("A: \0b\r\n", "NUL", "A|\0b"),
            new Row("A: ä\r\n", "UTF-8", "A|ä"));

    @Test
    void anyBlockHasFields() {
        for (var row : ROWS) {
            assertThat(Headers.parse(row.block().getBytes(StandardCharsets.UTF_8)).fields().stream()
                            .map(f -> f.name() + "|" + f.value())
                            .toList())
                    .as(row.why())
                    .isEqualTo(row.fields());
        }
    }

    @Test
    void bytesThatAreNoUtf8AreLatin1() {
        assertThat(Headers.parse(new byte[] {'A', ':', (byte) 0xe4, (byte) 0xff}).value("a")).contains("äÿ");
    }

    @Test
    void fieldsKeepTheirRawBytesAndOrder() {
        var headers = Headers.parse("Subject: a\r\n b\r\nX: 1\r\nx: 2\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(headers.first("SUBJECT").orElseThrow().raw()).isEqualTo("Subject: a\r\n b");
        assertThat(headers.value("subject")).contains("a b");
        assertThat(headers.first("X").orElseThrow().value()).isEqualTo("1");
        assertThat(headers.last("X").orElseThrow().value()).isEqualTo("2");
        assertThat(headers.all("x")).hasSize(2);
        assertThat(headers.first("y")).isEmpty();
    }

    @Test
    void noMoreFieldsThanAskedForAreRead() {
        var block = "A: b\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        assertThat(Headers.parse(block, block.length, 10).fields()).hasSize(10);
        assertThat(Headers.parse(block, 8, 10).fields()).as("a block cut short").hasSize(2);
    }
}
