package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Bytes;

class ImapListTest {
    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoListIsEmpty() {
        for (var bad : List.of("", "(", "NIL", "(\"a", "({5}\r\nab)", "x", "(".repeat(200))) {
            assertThat(ImapList.parse(bytes(bad))).as(bad).isEmpty();
        }
    }

    @Test
    void stringsLiteralsNumbersAndNil() {
        assertThat(ImapList.parse(bytes("(\"a\\\"b\" {3}\r\nx)y NIL 12 (\"c\"))")))
                .isEqualTo(Arrays.asList("a\"b", "x)y", null, 12, List.of("c")));
    }

    @Test
    void theEnvelopeIsDecoded() {
        var envelope = ImapList.envelope(bytes(
                "(\"d\" \"=?UTF-8?Q?t=C3=A4?=\" ((\"=?UTF-8?Q?=C3=B6?=\" NIL \"a\" \"b.c\")) NIL NIL NIL NIL NIL NIL \"<i@d>\")"));
        assertThat(envelope.get(1)).isEqualTo(bytes("tä"));
        assertThat(envelope.get(2)).isEqualTo(List.of(Arrays.asList(bytes("ö"), null, bytes("a"), bytes("b.c"))));
        assertThat(envelope.get(9)).isEqualTo("<i@d>");
    }

    @Test
    void anEmbeddedMessageKeepsItsEnvelopeAsItIs() {
        var inner = "(\"text\" \"plain\" (\"charset\" \"x\" \"a\" \"1\" \"b\" \"2\" \"c\" \"3\") NIL NIL \"7bit\" 1 1)";
        var outer = "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 9 (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL) " + inner + " 4)";
        var structure = ImapList.structure(bytes("(" + outer + inner + " \"mixed\" (\"boundary\" \"q\"))"));
        assertThat(structure.get(2)).isEqualTo("MIXED");
        assertThat(structure.get(3)).isEqualTo(List.of("BOUNDARY", bytes("q")));
        var first = (List<?>) structure.getFirst();
        assertThat(first.get(7)).isEqualTo(Arrays.asList(null, "inner", null, null, null, null, null, null, null, null));
        var embedded = (List<?>) first.get(8);
        assertThat(embedded.get(2)).isEqualTo(List.of(
                "CHARSET", bytes("x"), "A", bytes("1"), "B", bytes("2"), "C", bytes("3")));
        assertThat(embedded.get(5)).isEqualTo("7BIT");
    }
}
