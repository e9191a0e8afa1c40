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
        Trees.check(what, bytes);
        var source = Source.of(bytes);
        var rebuilt = Trees.rebuilt(source, MimeParser.parse(source).root());
        var random = new Random(7);
        for (int i = 0; i < 20 && bytes.length > 0; i++) {
            int from = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - from + 1);
            assertThat(rebuilt.read(from, length))
                    .as("%s from %d length %d", what, from, length)
                    .isEqualTo(java.util.Arrays.copyOfRange(bytes, from, from + length));
        }
    }
}
