package org.pintail.imap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plays every dialogue in `imap/transcripts` over a real socket.
class TranscriptTest {
    static final Path TRANSCRIPTS = Path.of("src/test/resources/imap/transcripts");

    static List<String> names() throws IOException {
        try (var files = Files.list(TRANSCRIPTS)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void dialogueGoesAsWritten(String name, @TempDir Path directory) throws IOException {
        var transcript = Transcript.read(TRANSCRIPTS.resolve(name));
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT)) {
            server.prepare(transcript.given());
            transcript.play(server::connect);
        }
    }
}
