package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is cut for the store, and that it comes back byte for byte.
class CutTest {
    private static final String HEAD = "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\ntext\r\n--q\r\n";

    /// A base64 body of 9000 bytes that differs from what we would write, and how.
    private record Row(String body, boolean decoded, String why) {}

    private static String lines(int length) {
        var bytes = new byte[9000];
        new Random(1).nextBytes(bytes);
        return Base64.getMimeEncoder(length, "\r\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    }

    private static List<Row> rows() {
        var usual = lines(76);
        return List.of(
                new Row(usual.replaceFirst("\r\n", "\n"), false, "a bare LF"),
                new Row(usual.replaceFirst("\r\n", " \r\n"), false, "a blank at the end of a line"),
                new Row(usual.replaceFirst("\r\n", "\r\n\r\n"), false, "an empty line"),
                new Row("\r\n" + usual, false, "one at the start"),
                new Row(usual + "\r\n\r\n", false, "one at the end"),
                new Row(usual + "====", false, "padding too much"),
                new Row(usual.replace("\r\n", ""), false, "one line"),
                new Row(usual.substring(0, usual.length() - 3), false, "an end that is missing"),
                new Row(usual.substring(0, 5000) + "!" + usual.substring(5001), false, "a character of no alphabet"),
                new Row(usual.substring(0, usual.length() - 4) + "AB==", false, "bits behind the last byte"),
                new Row(lines(76).replaceFirst("(.{40})", "$1\r\n"), false, "a short first line"),
                new Row(usual, true, "lines of 76"),
                new Row(usual + "\r\n", true, "a line break after the last one"),
                new Row(lines(4), true, "the shortest lines"),
                new Row(lines(996), true, "the longest lines"));
    }

    @Test
    void base64IsStoredDecodedOnlyWhereItComesBackExactly() throws IOException {
        for (var row : rows()) {
            var message = HEAD + "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + row.body() + "\r\n--q--\r\n";
            var source = Source.of(message.getBytes(StandardCharsets.ISO_8859_1));
            var root = MimeParser.parse(source).root();
            var pieces = Cut.of(source, root).pieces();
            assertThat(pieces).as(row.why()).hasSize(1);
            assertThat(pieces.getFirst().lineLength() > 0).as(row.why()).isEqualTo(row.decoded());
            assertThat(pieces.getFirst().contentType()).isEqualTo("image/png");
            assertThat(Trees.rebuilt(source, root).readAll()).as(row.why()).isEqualTo(source.readAll());
        }
    }

    @Test
    void onlyLargeLeavesThatAreNotShownAreCut() throws IOException {
        assertThat(pieces("Content-Type: image/png", "x".repeat(4095))).as("below 4 KiB").isZero();
        assertThat(pieces("Content-Type: image/png", "x".repeat(4096))).isOne();
        assertThat(pieces("Content-Type: text/plain", "x".repeat(5000))).as("text to be shown").isZero();
        assertThat(pieces("Content-Type: text/html\r\nContent-Disposition: inline", "x".repeat(5000))).isZero();
        assertThat(pieces("Content-Type: text/plain\r\nContent-Disposition: attachment", "x".repeat(5000))).as("text to be kept").isOne();
        assertThat(pieces("Content-Type: text/plain", "x".repeat(301 * 1024))).as("text too long to be shown").isOne();
        assertThat(pieces("Content-Type: text/calendar", "x".repeat(5000))).isOne();
        assertThat(pieces("Content-Type: multipart/mixed", "x".repeat(5000))).as("a multipart that is not divided").isOne();
        assertThat(pieces("Content-Type: message/rfc822", "A: b\r\n\r\n" + "x".repeat(5000))).as("a message with text to be shown").isZero();
        assertThat(pieces("Content-Type: message/rfc822", "Content-Type: image/png\r\n\r\n" + "x".repeat(5000))).as("one with a picture").isOne();
    }

    private static int pieces(String header, String body) throws IOException {
        var source = Source.of((HEAD + header + "\r\n\r\n" + body + "\r\n--q--\r\n").getBytes(StandardCharsets.ISO_8859_1));
        var root = MimeParser.parse(source).root();
        assertThat(Trees.rebuilt(source, root).readAll()).isEqualTo(source.readAll());
        return Cut.of(source, root).pieces().size();
    }

    @Test
    void theSamePieceHasTheSameHashInAnyMessage() throws IOException {
        var one = (HEAD + "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(76) + "\r\n--q--\r\n").getBytes(StandardCharsets.US_ASCII);
        var other = ("X: y\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(60)).getBytes(StandardCharsets.US_ASCII);
        assertThat(hash(one)).isEqualTo(hash(other));
    }

    @Test
    void piecesAreFoundByWhereTheyBegan() throws IOException {
        var message = (HEAD + "Content-Type: a/b\r\n\r\n" + "x".repeat(5000) + "\r\n--q\r\nContent-Type: a/b\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n" + lines(76) + "\r\n--q--\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var source = Source.of(message);
        var root = MimeParser.parse(source).root();
        var cut = Cut.of(source, root);
        assertThat(cut.pieces()).hasSize(2);
        assertThat(cut.whole().readAll()).isEqualTo(message);
        for (var part : root.children().subList(1, 3)) {
            var piece = cut.pieceAt(part.bodyStart()).orElseThrow();
            assertThat(piece.encodedSize()).isEqualTo(part.bodySize());
            var body = source.read(part.bodyStart(), part.bodySize());
            assertThat(piece.encodedSha256Hex()).isEqualTo(HexFormat.of().formatHex(Sha256.digest().digest(body)));
        }
        assertThat(cut.pieceAt(root.children().getFirst().bodyStart())).isEmpty();
    }

    private static String hash(byte[] message) throws IOException {
        var source = Source.of(message);
        return Cut.of(source, MimeParser.parse(source).root()).pieces().getFirst().sha256Hex();
    }

    @Test
    void anyMessageIsRebuiltExactlyAndReadFromAnyPlace() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            var bytes = RandomMail.message(random, 3);
            var source = Source.of(bytes);
            var rebuilt = Trees.rebuilt(source, MimeParser.parse(source).root());
            assertThat(rebuilt.size()).as("seed %d run %d", seed, run).isEqualTo(bytes.length);
            assertThat(rebuilt.readAll()).as("seed %d run %d", seed, run).isEqualTo(bytes);
            for (int i = 0; i < 5; i++) {
                int from = random.nextInt(bytes.length + 1);
                int length = random.nextInt(bytes.length + 10);
                assertThat(rebuilt.read(from, length))
                        .as("seed %d run %d from %d length %d", seed, run, from, length)
                        .isEqualTo(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length)));
            }
        }
    }

    @Test
    void base64LinesAreReadFromAnyPlace() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            var decoded = new byte[random.nextInt(2000)];
            random.nextBytes(decoded);
            int length = 4 * random.nextInt(1, 250);
            boolean last = random.nextBoolean();
            var expected = new ByteArrayOutputStream();
            expected.writeBytes(Base64.getMimeEncoder(length, "\r\n".getBytes(StandardCharsets.US_ASCII)).encode(decoded));
            expected.writeBytes((last && decoded.length > 0 ? "\r\n" : "").getBytes(StandardCharsets.US_ASCII));
            var lines = new Base64Lines(Source.of(decoded), length, last);
            assertThat(lines.size()).as("seed %d run %d", seed, run).isEqualTo(expected.size());
            assertThat(lines.readAll()).as("seed %d run %d", seed, run).isEqualTo(expected.toByteArray());
            int from = random.nextInt(expected.size() + 1);
            int count = random.nextInt(expected.size() + 2);
            assertThat(lines.read(from, count))
                    .as("seed %d run %d from %d length %d", seed, run, from, count)
                    .isEqualTo(Arrays.copyOfRange(expected.toByteArray(), from, Math.min(expected.size(), from + count)));
        }
    }
}
