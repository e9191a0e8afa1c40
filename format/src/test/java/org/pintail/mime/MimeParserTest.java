package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MimeParserTest {
    private static Source message(String text) {
        return Source.of(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String body(Source message, MimePart part) throws IOException {
        return new String(message.read(part.bodyStart(), part.bodySize()), StandardCharsets.UTF_8);
    }

    @Test
    void nestingBeyondTheLimitStaysUndivided() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\n\n--b").append(i).append('\n');
        }
        var parsed = MimeParser.parse(message(text.toString()));
        assertThat(parsed.problems()).anyMatch(p -> p.contains("nested deeper"));
        assertThat(ImapStructure.bodyStructure(parsed.root())).isNotEmpty();
    }

    @Test
    void aHeaderWithoutEndIsLookedIntoOnlyAsFarAsTheLimit() throws IOException {
        var line = "X-Filler: " + "x".repeat(900) + "\n";
        var parsed = MimeParser.parse(message("Subject: first\n" + line.repeat(20_000) + "\nbody"));
        assertThat(parsed.root().headers().value("subject")).contains("first");
        assertThat(parsed.root().headers().fields().size()).isLessThan(1001);
        assertThat(parsed.root().bodySize()).isEqualTo(4);
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
            var rebuilt = new Rebuilt(
                    Source.of(cut.skeletonBytes()),
                    cut.pieces().stream()
                            .map(p -> new Rebuilt.Piece(p.at(), p.encodedSize(), p.lineLength(), p.finalBreak(), p.stored()))
                            .toList());
            assertThat(rebuilt.readAll()).as("round %d", round).isEqualTo(bytes);
            int from = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - from);
            assertThat(rebuilt.read(from, length)).isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
        }
    }
}
