package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MimeParserTest {
    private static Source message(String text) {
        return Source.of(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String body(Source message, MimePart part) throws IOException {
        return new String(message.read(part.bodyStart(), part.bodySize()), StandardCharsets.UTF_8);
    }

    /// A multipart with boundary `x`, what its parts hold (one quoted string each), why.
    private record Row(String body, String parts, String why) {}

    private static final List<Row> MULTIPARTS = List.of(
            new Row("", "", "nothing"),
            new Row("--x", "\"\"", "a delimiter at the end of all"),
            new Row("--x--", "", "no part"),
            new Row("--x\n--x\n--x--", "\"\" \"\"", "delimiters one after the other"),
            new Row("--x\n\n--x--", "\"\"", "a part without a body"),
            new Row("--x\n\n\n--x--", "\"\"", "one whose only line break belongs to the delimiter"),
            new Row("--x\n\n\n\n--x--", "\"\r\n\"", "one with a line break in it"),
            new Row("--x\nA: b\n--x--", "\"\"", "a header without its end"),
            new Row("--x\n\na\n--x \t\n\nb\n--x--  ", "\"a\" \"b\"", "RFC 2046 §5.1.1: white space after a delimiter"),
            new Row("--x\n\na\n--xy\n--x-\n--x--y\n --x\n--X\n-- x\n--x--", "\"a\r\n--xy\r\n--x-\r\n--x--y\r\n --x\r\n--X\r\n-- x\"", "lines that are no delimiters"),
            new Row("--x\n\na\n--x--\n--x\n\nb\n--x--", "\"a\"", "nothing begins after the end"),
            new Row("pre--x\n--x\n\na--x\n--x--\npost", "\"a--x\"", "delimiters stand at the start of a line"),
            new Row("--x\n\na\n--x" + " ".repeat(300) + "\n--x--", "\"a\r\n--x" + " ".repeat(300) + "\"", "a line too long to be a delimiter"));

    @Test
    void partsLieBetweenDelimiters() throws IOException {
        for (var row : MULTIPARTS) {
            var message = message("Content-Type: multipart/mixed; boundary=x\n\n" + row.body());
            var found = new StringBuilder();
            for (var part : MimeParser.parse(message).root().children()) {
                found.append(found.isEmpty() ? "\"" : " \"").append(body(message, part)).append('"');
            }
            assertThat(found.toString()).as(row.why()).isEqualTo(row.parts());
        }
    }

    @Test
    void theBoundaryOfAnOuterMultipartEndsTheInnerOnes() throws IOException {
        var message = message("""
                Content-Type: multipart/mixed; boundary=x

                --x
                Content-Type: multipart/mixed; boundary=xx

                --xx

                inner
                --x

                outer
                --x--
                """);
        var parsed = MimeParser.parse(message);
        assertThat(parsed.root().children()).hasSize(2);
        assertThat(body(message, parsed.root().find("1.1").orElseThrow())).isEqualTo("inner");
        assertThat(body(message, parsed.root().find("2").orElseThrow())).isEqualTo("outer");
        assertThat(parsed.problems()).containsExactly("multipart without its closing boundary");
    }

    @Test
    void boundariesOfAnyBytesAreFound() throws IOException {
        for (var boundary : List.of("=?utf-8?Q?x?=", "\u00e4", "a b", "'()+_,-./:=?", "%41")) {
            var message = message("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n--" + boundary + "\n\na\n--" + boundary + "--\n");
            assertThat(MimeParser.parse(message).root().children()).as(boundary).hasSize(1);
        }
        var quoted = message("Content-Type: multipart/mixed; boundary=\"'x'\"\n\n--x\n\na\n--x--\n");
        assertThat(MimeParser.parse(quoted).root().children()).as("apostrophes around it").hasSize(1);
    }

    @Test
    void anEmptyMessageHasAnEmptyTextPart() throws IOException {
        var root = MimeParser.parse(Source.of(new byte[0])).root();
        assertThat(root.type() + "/" + root.subtype()).isEqualTo("text/plain");
        assertThat(root.bodySize()).isZero();
    }

    @Test
    void aMissingCloseBoundaryEndsThePartsAtTheEnd() throws IOException {
        var message = message("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nfirst\n--x\n\nsecond\n");
        var parsed = MimeParser.parse(message);
        assertThat(parsed.root().children()).hasSize(2);
        assertThat(body(message, parsed.root().children().get(0))).isEqualTo("first");
        assertThat(body(message, parsed.root().children().get(1))).isEqualTo("second\r\n");
        assertThat(parsed.problems()).anyMatch(p -> p.contains("closing boundary"));
    }

    @Test
    void partNumbersFollowRfc9051() throws IOException {
        var message = message("""
                Content-Type: multipart/mixed; boundary=a

                preamble
                --a

                one
                --a
                Content-Type: message/rfc822

                Subject: inner
                Content-Type: multipart/mixed; boundary=b

                --b

                two-one
                --b
                Content-Type: text/html

                <p>
                --b--
                --a
                Content-Type: message/rfc822

                Subject: leaf

                three-one
                --a--
                epilogue
                """);
        var root = MimeParser.parse(message).root();
        assertThat(body(message, root.find("1").orElseThrow())).isEqualTo("one");
        assertThat(body(message, root.find("2.1").orElseThrow())).isEqualTo("two-one");
        assertThat(root.find("2.2").orElseThrow().subtype()).isEqualTo("html");
        assertThat(root.find("2").orElseThrow().message()).isNotNull();
        assertThat(body(message, root.find("3.1").orElseThrow())).isEqualTo("three-one");
        assertThat(root.find("4")).isEmpty();
        assertThat(root.find("1.1")).isEmpty();
        assertThat(root.find("0")).isEmpty();
        assertThat(root.find("99999999")).isEmpty();
    }

    @Test
    void bodyStructureOfAMultipartIsRenderedAsTheRfcShowsIt() throws IOException {
        var root = MimeParser.parse(message("""
                Content-Type: multipart/alternative; boundary="x y"

                --x y
                Content-Type: text/plain; charset=us-ascii

                hi
                --x y
                Content-Type: application/pdf; name*=UTF-8''%C3%A4.pdf
                Content-Disposition: attachment; filename="a.pdf"
                Content-Transfer-Encoding: base64

                AAAA
                --x y--
                """)).root();
        assertThat(new String(ImapStructure.bodyStructure(root), StandardCharsets.US_ASCII))
                .isEqualTo("((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 2 0 NIL NIL NIL NIL)"
                        + "(\"APPLICATION\" \"PDF\" (\"NAME\" \"=?UTF-8?B?w6QucGRm?=\") NIL NIL \"BASE64\" 4 NIL"
                        + " (\"ATTACHMENT\" (\"FILENAME\" \"a.pdf\")) NIL NIL)"
                        + " \"ALTERNATIVE\" (\"BOUNDARY\" \"x y\") NIL NIL NIL)");
    }

    @Test
    void base64OfManyShapesIsCutAndRebuiltExactly() throws IOException {
        var random = new Random(42);
        for (int round = 0; round < 60; round++) {
            var data = new byte[random.nextInt(20_000)];
            random.nextBytes(data);
            int line = 4 * (1 + random.nextInt(30));
            var encoded = Base64.getMimeEncoder(line, new byte[] {'\r', '\n'}).encodeToString(data);
            if (random.nextInt(4) == 0) {
                encoded = encoded.replaceFirst("\r\n", "\r\n ");
            }
            var tail = random.nextBoolean() ? "\r\n" : "";
            var bytes = ("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\ntext\r\n--q\r\n"
                            + "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded + tail + "\r\n--q--\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            var source = Source.of(bytes);
            var cut = Cut.of(source, MimeParser.parse(source).root());
            var rebuilt = cut.whole();
            assertThat(rebuilt.readAll()).as("round %d", round).isEqualTo(bytes);
            int from = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - from);
            assertThat(rebuilt.read(from, length)).isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
        }
    }
}
