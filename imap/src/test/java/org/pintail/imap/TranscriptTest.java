package org.pintail.imap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pintail.imap.wire.ImapLimits;

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
        try (var server = new ImapFixture(directory, limits(transcript))) {
            server.prepare(transcript.given());
            transcript.play(server::connect);
        }
    }

    /// `message limit of 3`, `save limit of 3`: small ones, to be reached.
    private static ImapLimits limits(Transcript transcript) {
        int messages = 0;
        int saves = ImapLimits.DEFAULT.saves();
        for (var line : transcript.given()) {
            var words = line.split(" ");
            if (words.length == 4 && words[1].equals("limit")) {
                int limit = Integer.parseInt(words[3]);
                messages = words[0].equals("message") ? limit : messages;
                saves = words[0].equals("save") ? limit : saves;
            }
        }
        return ImapLimits.DEFAULT.withMessages(messages, saves);
    }
}
