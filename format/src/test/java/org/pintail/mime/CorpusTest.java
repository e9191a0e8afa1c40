package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Every message of the corpus is parsed, cut and put together again, with the line ends it has and with others.
class CorpusTest {
    private static List<Path> corpus() throws IOException {
        for (var up : List.of("../../shared", "../shared", "../../../shared", "../../../../shared")) {
            var directory = Path.of(System.getProperty("pintail.shared", up)).resolve("corpus");
            if (Files.isDirectory(directory)) {
                try (var files = Files.walk(directory)) {
                    return files.filter(f -> f.toString().endsWith(".eml")).sorted().toList();
                }
            }
        }
        return List.of();
    }

    @Test
    void everyMessageComesBackByteForByte() throws IOException {
        var files = corpus();
        assumeTrue(!files.isEmpty(), "no message corpus beside the project");
        for (var file : files) {
            var bytes = Files.readAllBytes(file);
            check(file + " as it is", bytes);
            var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            var lf = text.replace("\r\n", "\n");
            check(file + " with LF", lf.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            check(file + " with CRLF", lf.replace("\n", "\r\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
    }

    private static void check(String what, byte[] bytes) throws IOException {
        var source = Source.of(bytes);
        var parsed = MimeParser.parse(source);
        assertThat(parsed.size()).as(what).isEqualTo(bytes.length);
        MessageText.of(source, parsed.root());
        assertBalanced(what, ImapStructure.bodyStructure(parsed.root()));
        assertBalanced(what, ImapStructure.body(parsed.root()));
        assertBalanced(what, ImapStructure.envelope(parsed.root(), false));
        assertThat(ImapStructure.bodyStructure(PartMap.decode(PartMap.encode(parsed.root()))))
                .as(what)
                .isNotEmpty();
        var cut = Cut.of(source, parsed.root());
        var rebuilt = new Rebuilt(
                Source.of(cut.skeletonBytes()),
                cut.pieces().stream()
                        .map(p -> new Rebuilt.Piece(p.at(), p.encodedSize(), p.lineLength(), p.finalBreak(), p.stored()))
                        .toList());
        assertThat(rebuilt.readAll()).as(what).isEqualTo(bytes);
        var random = new Random(7);
        for (int i = 0; i < 20 && bytes.length > 0; i++) {
            int from = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - from + 1);
            assertThat(rebuilt.read(from, length))
                    .as("%s from %d length %d", what, from, length)
                    .isEqualTo(java.util.Arrays.copyOfRange(bytes, from, from + length));
        }
    }

    private static void assertBalanced(String what, byte[] rendered) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < rendered.length; i++) {
            byte b = rendered[i];
            assertThat(b).as(what).isBetween((byte) 0x20, (byte) 0x7e);
            if (quoted && b == '\\') {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += b == '(' ? 1 : b == ')' ? -1 : 0;
            }
        }
        assertThat(depth).as(what).isZero();
        assertThat(quoted).as(what).isFalse();
    }
}
